import { say, type Context } from '../context.js';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-codes.js';
import { deploymentText } from '../output/deployment-text.js';
import { progressOn, silent } from '../output/progress.js';
import { followDeployment } from '../wait/follow-deployment.js';
import { waitSignal } from '../wait/wait-signal.js';

/** What `gantry watch` was told. */
export interface WatchCommandOptions {
  readonly story?: boolean;
  readonly timeout?: number;
}

/** Follows a deployment to its end; with --json one line per thing that happens. */
export async function watch(
  context: Context,
  id: string,
  options: WatchCommandOptions,
): Promise<ExitCode> {
  const { client, json, terminal } = context;
  const progress = json ? silent : progressOn(terminal);
  const wait = waitSignal(context.signal, options.timeout);
  const ending = await followDeployment({
    client,
    id,
    signal: wait.signal,
    // Whoever watches wants to see what the person decides.
    stopOnPause: false,
    onItem: (item) => {
      if (json) terminal.out(`${JSON.stringify(item)}\n`);
      if (item.kind === 'view') progress.view(item.view);
      if (item.kind === 'story' && options.story === true) progress.story(item.story);
    },
    onReconnect: (why) => progress.note(`Connection lost (${why}); trying again.`),
  });
  if (ending.kind === 'stopped') throw wait.why('The deployment goes on.');
  if (!json) say(context, deploymentText(terminal, ending.view));
  return exitCodeOf(ending.view.status) ?? EXIT.unexpected;
}
