import type { Finding } from '@gantry/contracts';

/** What a problem says besides its status and code. */
export interface ProblemParts {
  readonly status: number;
  /** For programs: stable, lower case, dotted. */
  readonly code: string;
  /** For people: what happened, to which thing, why. */
  readonly detail: string;
  /** For people: what to do next. */
  readonly todo?: string;
  readonly findings?: readonly Finding[];
  /** Where the input is wrong; values are never echoed. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly retryAfterSeconds?: number;
}

/** An answer that is not a success, as RFC 9457 has it: thrown anywhere below a controller, written by ProblemFilter. */
export class ProblemException extends Error {
  constructor(readonly parts: ProblemParts) {
    super(parts.detail);
    this.name = 'ProblemException';
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Not proven',
  403: 'Not from here',
  404: 'Not found',
  409: 'Not now',
  413: 'Too large',
  415: 'Unsupported media type',
  421: 'Misdirected request',
  422: 'Cannot be done',
  503: 'Not available at the moment',
};

/** The body of a problem. */
export function problemBody(parts: ProblemParts): Readonly<Record<string, unknown>> {
  const { status, code, detail, todo, findings, errors } = parts;
  return {
    type: `urn:gantry:problem:${code}`,
    title: TITLES[status] ?? (status < 500 ? 'Refused' : 'Something went wrong inside'),
    status,
    detail,
    code,
    ...(todo === undefined || todo === '' ? {} : { todo }),
    ...(findings === undefined || findings.length === 0 ? {} : { findings }),
    ...(errors === undefined ? {} : { errors }),
  };
}
