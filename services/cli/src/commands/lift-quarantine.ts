import type { Context } from '../context.js';
import type { ExitCode } from '../exit-codes.js';
import { tellAnswer } from './tell-answer.js';

/** Allows a quarantined build again. */
export async function liftQuarantine(
  context: Context,
  name: string,
  evr: string,
  reason: string,
): Promise<ExitCode> {
  const { client, signal } = context;
  const answer = await client.liftQuarantine(name, evr, reason, { signal });
  return tellAnswer(context, answer, `${name} ${evr} may be deployed again.`);
}
