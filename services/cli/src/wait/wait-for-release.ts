import type { StreamItem } from '@gantry/client';
import type { ReleaseView } from '@gantry/contracts';
import { say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { releaseNews, releaseText } from '../output/release-text.js';
import { waitSignal } from './wait-signal.js';

/** How a wait ended. */
export interface WaitedForRelease {
  readonly exitCode: ExitCode;
  readonly view: ReleaseView;
}

const ENDINGS: Readonly<Record<ReleaseView['status'], ExitCode | undefined>> = {
  travelling: undefined,
  succeeded: EXIT.ok,
  failed: EXIT.failed,
  stopped: EXIT.cancelled,
  superseded: EXIT.overtaken,
};

/** Follows a release to its end, telling what is new; a gate that said neither yes nor no ends the wait, for a person must decide. */
export async function waitForRelease(
  context: Context,
  id: string,
  timeout: number | undefined,
): Promise<WaitedForRelease> {
  const wait = waitSignal(context.signal, timeout);
  const news = releaseNews(context.terminal);
  const note = (line: string): void => {
    if (!context.json) say(context, line);
  };
  const onReconnect = (why: string): void => note(`Connection lost (${why}); trying again.`);
  let asksPerson = false;
  for await (const item of context.client.watchRelease(id, { signal: wait.signal, onReconnect })) {
    if (item.kind === 'log') asksPerson = afterEvent(asksPerson, item);
    if (item.kind !== 'view') continue;
    const { view } = item;
    for (const line of news(view)) note(line);
    const exitCode = ENDINGS[view.status] ?? (asksPerson ? EXIT.pausedForPerson : undefined);
    if (exitCode === undefined) continue;
    note(releaseText(context.terminal, view));
    return { exitCode, view };
  }
  throw wait.why(`The release goes on; follow it with: gantry release ${id} --wait`);
}

type LogItem = Extract<StreamItem<ReleaseView>, { kind: 'log' }>;

/** Whether it stands and nothing happens until a person decides; whoever paused it knows. */
function afterEvent(before: boolean, { event: { type, data } }: LogItem): boolean {
  if (type === 'release.paused') return data['because'] === 'inconclusive';
  return type === 'release.resumed' ? false : before;
}
