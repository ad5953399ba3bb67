import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPO_ROOT } from '@gantry/demo';
import { leftoversOf, waitUntil } from '@gantry/lab';

const DEADLINE_MS = 180_000;

/** The workspace of the lab that a process made: its folder, and the tag in the names of its network links. */
async function workspaceOf(pid: number): Promise<{ dir: string; tag: string } | undefined> {
  for (const name of await readdir(tmpdir())) {
    const dir = join(tmpdir(), name);
    const text = await readFile(join(dir, 'owner.json'), 'utf8').catch(() => '{}');
    const owner = JSON.parse(text) as { pid?: number; links?: readonly string[] };
    const tag = /^g(.+)-/.exec(owner.links?.[0] ?? '')?.[1];
    if (owner.pid === pid && tag !== undefined) return { dir, tag };
  }
  return undefined;
}

describe('./gantry demo', () => {
  it(
    'takes everything down again when Ctrl-C comes while it starts',
    async () => {
      const demo = spawn(process.execPath, [join(REPO_ROOT, 'demo', 'dist', 'main.js'), '--exit'], {
        env: { ...process.env, NODE_OPTIONS: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(demo, 'exit');
      let told = '';
      let stdout = '';
      demo.stderr.on('data', (data: Buffer) => (told += data.toString()));
      demo.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
      // Hosts are the last thing to have namespaces, links and processes of; Puppet's server still starts.
      await waitUntil(() => /ready.*hosts/.test(told), {
        deadlineMs: DEADLINE_MS,
        onTimeout: () => new Error(`the demo has no hosts:\n${told}`),
      });
      const workspace = await workspaceOf(demo.pid!);
      expect(await leftoversOf(workspace!)).not.toEqual([]);

      demo.kill('SIGINT');
      const [exitCode] = (await ended) as [number | null];

      expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
      expect(await leftoversOf(workspace!)).toEqual([]);
    },
    2 * DEADLINE_MS,
  );
});
