import type { DeploymentAction, DeploymentStatus } from '@gantry/contracts';
import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { plain } from '../terminal.js';
import { waitForDeployment, type WaitOptions } from '../wait/wait-for-deployment.js';

/** What `gantry pause` and its like were told. */
export interface ActOptions extends WaitOptions {
  readonly reason: string;
  readonly wait?: boolean;
}

/** The end each action is meant to bring. */
export const AIM: Readonly<Record<DeploymentAction, DeploymentStatus>> = {
  pause: 'succeeded',
  resume: 'succeeded',
  cancel: 'cancelled',
  rollback: 'rolled-back',
};

/** Pauses, resumes, cancels or rolls back and, with --wait, sees it through. */
export async function act(
  context: Context,
  action: DeploymentAction,
  id: string,
  options: ActOptions,
): Promise<ExitCode> {
  const { client, signal } = context;
  const answer = await client.actOnDeployment(id, action, options.reason, { signal });
  if (!context.json)
    say(
      context,
      answer.outcome === 'accepted'
        ? `Accepted: ${action} ${id}`
        : `Nothing to do: ${plain(answer.because)}`,
    );
  if (options.wait !== true) {
    if (context.json) printJson(context, answer);
    return EXIT.ok;
  }
  const wanted = AIM[action];
  const since = answer.outcome === 'accepted' ? answer.version : undefined;
  const { exitCode, view } = await waitForDeployment(context, id, { ...options, wanted, since });
  if (context.json) printJson(context, { id, status: view.status, exitCode, deployment: view });
  return exitCode;
}
