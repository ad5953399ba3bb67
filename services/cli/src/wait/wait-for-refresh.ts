import { setTimeout as pause } from 'node:timers/promises';
import type { RefreshView } from '@gantry/contracts';
import { say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { plain } from '../terminal.js';
import { waitSignal } from './wait-signal.js';

const LOOK_AGAIN_MS = 500;

/** Waits for a refresh's end, telling each host's as it comes. */
export async function waitForRefresh(
  context: Context,
  id: string,
  timeout: number | undefined,
): Promise<{ readonly exitCode: ExitCode; readonly view: RefreshView }> {
  const wait = waitSignal(context.signal, timeout);
  const told = new Set<string>();
  for (;;) {
    const view = await context.client.refresh(id);
    if (!context.json) tellNew(context, view, told);
    if (view.status === 'completed') {
      const converged = view.progress.every(({ verdict }) => verdict?.kind === 'converged');
      return { exitCode: converged ? EXIT.ok : EXIT.failed, view };
    }
    await pause(LOOK_AGAIN_MS, undefined, { signal: wait.signal }).catch(() => undefined);
    if (wait.signal.aborted) throw wait.why(`The refresh ${id} goes on.`);
  }
}

function tellNew(context: Context, view: RefreshView, told: Set<string>): void {
  for (const host of view.progress) {
    if (host.status === 'queued' || told.has(`${host.host} ${host.status}`)) continue;
    told.add(`${host.host} ${host.status}`);
    say(context, `  ${host.host}  ${plain(`${verdictText(host)} ${host.reason}`).trimEnd()}`);
  }
}

/** A host's part of a refresh in words. */
function verdictText({ status, verdict, report }: RefreshView['progress'][number]): string {
  if (verdict === null) return status;
  if (verdict.kind !== 'converged') return `${verdict.kind}: ${verdict.why} ${verdict.detail}`;
  if (report === null) return 'converged';
  const { outOfSync, changed } = report.counts;
  return report.noop ? `${outOfSync} resources would change` : `converged, ${changed} changed`;
}
