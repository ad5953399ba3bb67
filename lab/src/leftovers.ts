import { access } from 'node:fs/promises';
import { pidsWithEnvironment } from './process-table.js';
import { tryRun } from './run.js';
import { MARKER } from './sweep.js';
import type { Workspace } from './workspace.js';

/** What a lab left on the machine, in words; empty when it cleaned up after itself. */
export async function leftoversOf(workspace: Pick<Workspace, 'dir' | 'tag'>): Promise<string[]> {
  const pids = await pidsWithEnvironment(MARKER, workspace.dir);
  const links = await tryRun(['ip', '-br', 'link']);
  const own = links.stdout.split('\n').filter((line) => line.startsWith(`g${workspace.tag}-`));
  const folder = await access(workspace.dir).then(
    () => [`folder ${workspace.dir}`],
    () => [],
  );
  return [...pids.map((pid) => `process ${pid}`), ...own.map((link) => `link ${link}`), ...folder];
}
