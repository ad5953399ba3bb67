import type { DeploymentStatus, DeploymentView } from '@gantry/contracts';
import { say, type Context } from '../context.js';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-codes.js';
import { deploymentText } from '../output/deployment-text.js';
import { progressOn, silent, type Progress } from '../output/progress.js';
import { plain } from '../terminal.js';
import { followDeployment, type Ending } from './follow-deployment.js';
import { waitSignal } from './wait-signal.js';

/** How to wait. */
export interface WaitOptions {
  readonly timeout?: number | undefined;
  readonly story?: boolean | undefined;
  /** The end that counts as success. */
  readonly wanted?: DeploymentStatus;
  /** The version of the stream with what was asked in it. */
  readonly since?: number | undefined;
}

/** How a wait ended. */
export interface Waited {
  readonly exitCode: ExitCode;
  readonly view: DeploymentView;
}

/** Waits for a deployment's end, showing how it goes. */
export async function waitForDeployment(
  context: Context,
  id: string,
  options: WaitOptions = {},
): Promise<Waited> {
  const progress = context.json ? silent : progressOn(context.terminal);
  const wait = waitSignal(context.signal, options.timeout);
  const ending = await followDeployment({
    client: context.client,
    id,
    signal: wait.signal,
    stopOnPause: true,
    since: options.since,
    onItem: (item) => {
      if (item.kind === 'view') progress.view(item.view);
      if (item.kind === 'story' && options.story === true) progress.story(item.story);
    },
    onReconnect: (why) => progress.note(`Connection lost (${why}); trying again.`),
  });
  if (ending.kind === 'stopped')
    throw wait.why(`The deployment goes on; follow it with: gantry watch ${id}`);
  if (!context.json) tellEnding(context, ending, progress);
  return { exitCode: exitCodeFor(ending, options.wanted ?? 'succeeded'), view: ending.view };
}

type Over = Exclude<Ending, { kind: 'stopped' }>;

function exitCodeFor(ending: Over, wanted: DeploymentStatus): ExitCode {
  if (ending.kind === 'paused') return EXIT.pausedForPerson;
  const { status } = ending.view;
  if (status === wanted) return EXIT.ok;
  // Waiting for a rollback, a deployment that went through after all is not what was asked for.
  return status === 'succeeded' ? EXIT.failed : (exitCodeOf(status) ?? EXIT.unexpected);
}

function tellEnding(context: Context, ending: Over, progress: Progress): void {
  if (ending.kind === 'ended') {
    if (ending.view.status !== 'succeeded')
      say(context, deploymentText(context.terminal, ending.view));
    return;
  }
  const { id } = ending.view;
  progress.note(`Paused, waiting for a person: ${plain(ending.reason)}`);
  say(context, 'Look at the hosts that failed, then one of:');
  for (const action of ['resume', 'rollback', 'cancel']) say(context, `  gantry ${action} ${id}`);
}
