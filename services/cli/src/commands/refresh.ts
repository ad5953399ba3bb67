import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { plain } from '../terminal.js';
import { waitForRefresh } from '../wait/wait-for-refresh.js';

/** What `gantry refresh` was told. */
export interface RefreshOptions {
  readonly reason: string;
  readonly concurrency: number;
  readonly noop?: boolean;
  readonly wait?: boolean;
  readonly timeout?: number;
}

/** Runs Puppet on hosts and, with --wait, sees it through. */
export async function refresh(
  context: Context,
  hosts: readonly string[],
  options: RefreshOptions,
): Promise<ExitCode> {
  const { client, json, signal } = context;
  const { reason, concurrency, noop = false } = options;
  const answer = await client.requestRefresh({ hosts, reason, noop, concurrency }, { signal });
  if (options.wait !== true || answer.id === undefined) {
    if (json) printJson(context, answer);
    else if (answer.outcome === 'ignored') say(context, `Nothing to do: ${plain(answer.because)}`);
    else say(context, `Refresh ${answer.id ?? ''}`);
    return EXIT.ok;
  }
  if (!json) say(context, `Refresh ${answer.id}`);
  const { exitCode, view } = await waitForRefresh(context, answer.id, options.timeout);
  if (json) printJson(context, { id: answer.id, status: view.status, exitCode, refresh: view });
  return exitCode;
}
