import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, isAlive } from '../host/process-identity.js';
import { followRun } from './follow-run.js';
import { launchAgent } from './launch.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'gantry-follow-'));
const program = join(folder, 'puppet');
const run = {
  runId: 'run-1',
  noop: false,
  runTimeoutMs: 1_000,
  waitForLockMs: 0,
  logFile: join(folder, 'log'),
};
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => rmSync(join(folder, 'out'), { force: true }));

function launch(script: string) {
  writeFileSync(program, `#!/bin/bash\n${script}\n`);
  chmodSync(program, 0o755);
  return launchAgent(program, run, join(folder, 'out'));
}

describe('a run that is followed', () => {
  it('has its output in a file, a session of its own, and its exit code told', async () => {
    const { identity, exited } = await launch('echo "to a file"; ps -o sid= -p $$; exit 6');
    const ended = await followRun({
      process: identity,
      exited,
      deadline: Infinity,
      onTick: () => undefined,
    });
    expect(ended).toEqual({ exitCode: 6, killed: false });
    const [text, session] = readFileSync(join(folder, 'out'), 'utf8').trim().split('\n');
    expect(text).toBe('to a file');
    expect(Number(session)).toBe(identity.pid);
  });

  it('is ended when it is over its limit, but what it started in another session is waited for', async () => {
    const { identity, exited } = await launch(`setsid sleep 0.5 & echo $!; exec sleep 600`);
    let child: ReturnType<typeof identityOf>;
    const onTick = (): void => {
      child ??= identityOf(Number(readFileSync(join(folder, 'out'), 'utf8')));
    };
    // The first look finds the child, and the limit long over.
    const ended = await followRun({ process: identity, exited, deadline: 0, onTick });
    expect(ended.killed).toBe(true);
    expect(isAlive(identity)).toBe(false);
    expect(child === undefined || isAlive(child)).toBe(false);
  });

  it('that is adopted is followed to its end without an exit code', async () => {
    const { identity } = await launch('sleep 0.3');
    const ended = await followRun({
      process: identity,
      exited: undefined,
      deadline: Infinity,
      onTick: () => undefined,
    });
    expect(ended).toEqual({ exitCode: null, killed: false });
  });

  it('that cannot be started is an error, not a run', async () => {
    await expect(launchAgent('/nonexistent/puppet', run, join(folder, 'out'))).rejects.toThrow(
      /ENOENT/,
    );
  });
});
