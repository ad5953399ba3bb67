import { z } from 'zod';
import { Finding } from '@gantry/contracts';

/** The body of a refusal or an error: RFC 9457 with Gantry's extensions. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  todo: z.string().default(''),
  findings: z.array(Finding).default([]),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});
export type Problem = z.infer<typeof Problem>;

/** The server understood the call and said no: its message can be read out as it is. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** No answer could be had: nobody listens there, the network broke, or it took too long. */
export class UnreachableError extends Error {
  constructor(
    readonly url: string,
    readonly why: string,
    options?: ErrorOptions,
  ) {
    super(`no answer from ${url}: ${why}`, options);
    this.name = 'UnreachableError';
  }
}

/** An answer came that this client cannot read: another program, or another version, answers there. */
export class UnexpectedAnswerError extends Error {
  constructor(url: string, what: string, options?: ErrorOptions) {
    super(
      `${url} answered what this client does not understand (${what}); is it a Gantry gateway of this version?`,
      options,
    );
    this.name = 'UnexpectedAnswerError';
  }
}
