import type { Context } from '../context.js';
import { CliError } from '../cli-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { tellAnswer } from './tell-answer.js';

/** What `gantry limits` was told. */
export interface LimitsOptions {
  readonly reason: string;
  readonly maxOut?: number;
  readonly failureBudget?: number;
}

/** Changes the limits of a deployment that goes on. */
export async function changeLimits(
  context: Context,
  id: string,
  { reason, maxOut, failureBudget }: LimitsOptions,
): Promise<ExitCode> {
  if (maxOut === undefined && failureBudget === undefined)
    throw new CliError(EXIT.invalid, 'Name --max-out, --failure-budget, or both.');
  const limits = {
    ...(maxOut === undefined ? {} : { maxOutOfService: maxOut }),
    ...(failureBudget === undefined ? {} : { failureBudget }),
  };
  const answer = await context.client.changeLimits(id, limits, reason, { signal: context.signal });
  return tellAnswer(context, answer, `Accepted: other limits for ${id}`);
}
