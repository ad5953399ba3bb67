import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@gantry/lab';
import { CommandDriver } from '../src/drivers/command/command.driver.js';
import { cookieOf, processesOf } from '../src/drivers/command/process-tree.js';
import { StopReason } from '../src/ports/stop-reason.js';
import { CommandsFolder, homeOf, script } from './command-bench.js';
import { contextOf, runDriver } from './driver-bench.js';

const PROGRAMS = {
  'print-arguments': script('for each in "$@"; do printf "[%s]" "$each"; done'),
  'print-environment': script('/usr/bin/env; echo "in $(pwd)"; test -w "$HOME"'),
  'exit-with': script('echo "before the end"; echo "to the other stream" >&2; exit "$1"'),
  die: script('echo "HOME=$HOME"; kill -SEGV $$'),
  hang: script('trap "" TERM INT HUP; while :; do sleep 1; done'),
  flood: script('while :; do echo "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"; done'),
  'leave-child': script('(trap "" TERM HUP; sleep 86430) & echo "HOME=$HOME"; exit 0'),
  'leave-session': script(
    'setsid sh -c "sleep 86431" & setsid sh -c "setsid sleep 86432" & echo "HOME=$HOME"; exit 0',
  ),
  'fork-forever': script(
    'trap "" TERM; i=0; while [ $i -lt 40 ]; do sleep 86433 & setsid sleep 86434 & i=$((i+1)); done; wait',
  ),
  'sub/inner': script('echo inner'),
};

/** Of the installation whose gates these are. */
const EVIDENCE = '/var/lib/gantry/evidence';

/** The empty home that a program told of was one of its own, and is gone. */
function expectHomeGone(told = ''): void {
  const home = /^HOME=(.*)$/m.exec(told)?.[1] ?? '';
  expect(home.startsWith(tmpdir())).toBe(true);
  expect(existsSync(home)).toBe(false);
}

describe('a command gate', () => {
  let commands: CommandsFolder;
  beforeAll(async () => {
    commands = await CommandsFolder.make(PROGRAMS);
    await commands.put('not-executable', script('true'), 0o644);
    await mkdir(join(commands.path, 'a-folder'));
    await symlink('/bin/sh', join(commands.path, 'link-to-sh'));
    await symlink('..', join(commands.path, 'link-out'));
    await symlink('exit-with', join(commands.path, 'link-within'));
    await commands.put('../beside', script('true'));
  });
  afterAll(() => commands.remove());

  const run = (
    command: readonly string[],
    more: object = {},
    options: Parameters<typeof runDriver>[2] = {},
    evidence = EVIDENCE,
  ) =>
    runDriver(
      new CommandDriver(commands.path, evidence),
      { kind: 'command', command, deadlineMs: 20_000, ...more },
      options,
    );
  const remaining = (gateRunId: string, evidence = EVIDENCE) =>
    processesOf(cookieOf(evidence, gateRunId));

  it.each([
    [0, 'pass'],
    [1, 'fail'],
    [127, 'fail'],
  ])('exit code %d: %s', async (exitCode, verdict) => {
    const outcome = await run(['exit-with', String(exitCode)]);
    expect(outcome).toMatchObject({ verdict, evidence: { exitCode } });
    expect(outcome.evidence.excerpt).toContain('before the end');
    expect(outcome.evidence.excerpt).toContain('to the other stream');
  });

  it('ended by a signal: inconclusive', async () => {
    const outcome = await run(['die']);
    expect(outcome).toMatchObject({ verdict: 'inconclusive', evidence: { signal: 'SIGSEGV' } });
    expectHomeGone(outcome.evidence.excerpt);
  });

  it('knows nothing of our environment but PATH, and has a home of its own that goes', async () => {
    process.env['GANTRY_CANARY_SECRET'] = 'canary-7';
    const { evidence } = await run(['print-environment'], { env: { COLOUR: 'red' } });
    delete process.env['GANTRY_CANARY_SECRET'];
    const text = evidence.excerpt ?? '';
    const names = text.split('\n').flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
    const ownOfShell = ['PWD', 'OLDPWD', 'SHLVL', '_'];
    expect(names.filter((name) => !ownOfShell.includes(name)).sort()).toEqual(
      ['COLOUR', 'GANTRY_GATE_RUN', 'HOME', 'PATH', 'TMPDIR'].sort(),
    );
    expect(text).not.toContain('canary-7');
    expect(text).toContain(`in ${commands.path}`);
    expect(evidence.exitCode).toBe(0);
    expectHomeGone(text);
  });

  it('starts where it is told to, within the folder', async () => {
    const inside = await run(['print-environment'], { cwd: 'sub' });
    expect(inside.evidence.excerpt).toContain(`in ${commands.path}/sub`);
    for (const cwd of ['/', '..', 'link-out', 'absent', 'exit-with'])
      expect(await run(['exit-with', '0'], { cwd })).toMatchObject({ verdict: 'inconclusive' });
  });

  it('that hangs is ended at its deadline, whatever signals it ignores', async () => {
    const context = contextOf();
    const startedAt = performance.now();
    const outcome = await run(['hang'], { deadlineMs: 500 }, { context });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(outcome).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('after 500 ms'),
    });
    expect(await remaining(context.gateRunId)).toEqual([]);
  });

  it('that floods its output is ended, and little of it is kept', async () => {
    const startedAt = performance.now();
    const outcome = await run(['flood'], { maxOutputBytes: 100_000 });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(outcome).toMatchObject({
      verdict: 'inconclusive',
      summary: 'flood wrote more than 100000 bytes and was stopped',
    });
    expect(outcome.evidence.excerpt!.length).toBeLessThanOrEqual(4_000);
  });

  it.each(['leave-child', 'leave-session'])(
    'that leaves others behind (%s) leaves none',
    async (name) => {
      const context = contextOf();
      const startedAt = performance.now();
      const outcome = await run([name], {}, { context });
      expect(outcome).toMatchObject({ verdict: 'pass' });
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expectHomeGone(outcome.evidence.excerpt);
      expect(await remaining(context.gateRunId)).toEqual([]);
      expect(sleepers()).toEqual([]);
    },
  );

  it('that forks and forks is ended with all of them', async () => {
    const context = contextOf();
    expect(await run(['fork-forever'], { deadlineMs: 1_500 }, { context })).toMatchObject({
      verdict: 'inconclusive',
    });
    expect(await remaining(context.gateRunId)).toEqual([]);
    expect(sleepers()).toEqual([]);
  });

  it('that is cancelled is ended at once', async () => {
    const context = contextOf();
    const ending = new AbortController();
    const ended = run(['hang'], {}, { context, signal: ending.signal });
    await waitUntil(async () => (await remaining(context.gateRunId)).length > 0, {
      deadlineMs: 5_000,
      onTimeout: () => new Error('it did not start'),
    });
    ending.abort(new StopReason('cancelled', 'cancelled: enough'));
    await expect(ended).rejects.toThrow('cancelled: enough');
    expect(await remaining(context.gateRunId)).toEqual([]);
  });

  it('of another installation, under the same id, is left alone', async () => {
    const context = contextOf();
    const ending = new AbortController();
    const other = '/var/lib/other/evidence';
    const ended = run(['hang'], {}, { context, signal: ending.signal }, other);
    await waitUntil(async () => (await remaining(context.gateRunId, other)).length > 0, {
      deadlineMs: 5_000,
      onTimeout: () => new Error('it did not start'),
    });
    expect(await run(['leave-session'], {}, { context })).toMatchObject({ verdict: 'pass' });
    expect(await remaining(context.gateRunId, other)).not.toEqual([]);
    ending.abort(new StopReason('cancelled', 'cancelled: enough'));
    await expect(ended).rejects.toThrow('cancelled: enough');
  });

  it.each(['hang', 'fork-forever'])(
    'leaves nothing in the folder for temporary files (%s)',
    async (name) => {
      const context = contextOf();
      const ended = run([name], { deadlineMs: 1_500 }, { context });
      const home = await homeOf(cookieOf(EVIDENCE, context.gateRunId));
      expect(existsSync(home)).toBe(true);
      await ended;
      expect(existsSync(home)).toBe(false);
    },
  );

  it('removes the homes of verifiers that were killed, and nobody else’s', async () => {
    const { pid: dead } = spawnSync('true');
    const orphan = await mkdtemp(join(tmpdir(), `gantry-gate-${dead}-`));
    const another = await mkdtemp(join(tmpdir(), `gantry-gate-${process.ppid}-`));
    const foreign = await mkdtemp(join(tmpdir(), 'gantry-gates-'));
    try {
      await writeFile(join(orphan, 'left'), 'behind');
      expect(await run(['exit-with', '0'])).toMatchObject({ verdict: 'pass' });
      expect([orphan, another, foreign].map(existsSync)).toEqual([false, true, true]);
    } finally {
      await Promise.all([another, foreign].map((folder) => rm(folder, { recursive: true })));
    }
  });

  describe('H-076 shell text where a command is named', () => {
    const texts = [
      '; touch pwned',
      '&& touch pwned',
      '| touch pwned',
      '$(touch pwned)',
      '`touch pwned`',
      '> pwned',
      '\ntouch pwned',
      "' ; touch pwned ; '",
      '" ; touch pwned ; "',
      '${IFS}touch${IFS}pwned',
      '*',
      '~',
      '$HOME',
      '--',
      '',
    ];

    it('is text: the program gets it as it is, and nothing else happens', async () => {
      const outcome = await run(['print-arguments', ...texts]);
      expect(outcome.verdict).toBe('pass');
      expect(outcome.evidence.excerpt).toBe(texts.map((text) => `[${text}]`).join(''));
      expect(existsSync(join(commands.path, 'pwned'))).toBe(false);
    });

    it.each([
      ['an absolute path', '/bin/sh'],
      ['a path that climbs out', '../../../../../../bin/sh'],
      ['a path that climbs out and looks inside', 'sub/../../../../../../bin/sh'],
      ['a link to a shell', 'link-to-sh'],
      ['a path through a link that leads out', 'link-out/beside'],
      ['a name from PATH', 'sh'],
      ['a line for a shell', 'exit-with 0; touch pwned'],
      ['a substitution', '$(exit-with)'],
      ['a NUL', 'exit-with\0'],
      ['nothing', ''],
      ['a folder', 'a-folder'],
      ['a file that is no program', 'not-executable'],
    ])('%s names no program', async (_what, name) => {
      const outcome = await run([name, '-c', 'touch pwned']);
      expect(outcome.verdict).toBe('inconclusive');
      expect(outcome.evidence.exitCode).toBeUndefined();
      expect(existsSync(join(commands.path, 'pwned'))).toBe(false);
    });

    it('names within the folder are programs: also in folders and by links', async () => {
      expect(await run(['sub/inner'])).toMatchObject({ verdict: 'pass' });
      expect(await run(['link-within', '0'])).toMatchObject({ verdict: 'pass' });
    });

    it('a NUL in an argument starts nothing', async () => {
      expect(await run(['print-arguments', 'a\0b'])).toMatchObject({ verdict: 'inconclusive' });
    });

    it('variables that choose code are refused', async () => {
      const outcome = await run(['exit-with', '0'], { env: { LD_PRELOAD: '/tmp/x.so' } });
      expect(outcome).toMatchObject({
        verdict: 'inconclusive',
        summary: expect.stringContaining('LD_PRELOAD'),
      });
    });

    it('without a folder of commands there are no programs', async () => {
      const none = new CommandDriver(undefined, EVIDENCE);
      const spec = { kind: 'command' as const, command: ['exit-with', '0'], deadlineMs: 1_000 };
      expect(await runDriver(none, spec)).toMatchObject({
        summary: expect.stringContaining('GANTRY_GATE_COMMANDS_DIR'),
      });
    });
  });
});

/** What the programs above leave running, found by its command line and by nothing the driver knows. */
function sleepers(): readonly string[] {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLineOf(pid));
  return lines.filter((line) => /^sleep 8643\d/.test(line));
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
