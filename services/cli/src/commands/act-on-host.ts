import type { HostAction } from '@gantry/contracts';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit-codes.js';
import { tellAnswer } from './tell-answer.js';

/** What `gantry skip` and `gantry retry` were told. */
export interface HostActionRequest {
  readonly id: string;
  readonly host: string;
  readonly action: HostAction;
  readonly reason: string;
}

/** Skips a host of a deployment, or gives it another turn. */
export async function actOnHost(
  context: Context,
  { id, host, action, reason }: HostActionRequest,
): Promise<ExitCode> {
  const { client, signal } = context;
  const answer = await client.actOnHost(id, host, action, reason, { signal });
  return tellAnswer(context, answer, `Accepted: ${action} ${host}`);
}
