import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, BenchOptions } from '../bench.js';
import { alternate, type Rounds } from '../measure/alternate.js';
import { compare, type Row } from '../measure/compare.js';
import { manyPackages } from './many-packages.js';

const run = promisify(execFile);
const FEW = 20_000;
const MANY = 200_000;
const SUBJECT = 'build-watcher';
const PEER = 'python3-createrepo-c';
const PYTHON = '/usr/bin/python3';
/** Where Debian's package has its parser; without it build-watcher is measured alone. */
const PARSER = '/usr/lib/python3/dist-packages/createrepo_c';
const READ_ONCE = fileURLToPath(new URL('read-once.js', import.meta.url));
const PEER_SCRIPT = fileURLToPath(new URL('../../peers/read-primary.py', import.meta.url));

/** One reading, by a process of its own. */
interface Read {
  readonly packages: number;
  readonly builds: number;
  readonly ms: number;
  readonly peakKb: number;
}

/** A repository's list of packages, read as build-watcher reads it, beside createrepo_c's own parser on the same file. */
export const metadataBench: Bench = {
  name: 'metadata',
  title:
    'Metadata: the list of packages of a repository, checksums verified, one process a reading',
  async run(options) {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
    try {
      for (const count of [FEW, MANY]) {
        options.tell(`making a list of ${count} packages`);
        await manyPackages(join(folder, String(count)), count);
      }
      return [
        ...(await speed(join(folder, String(MANY)), options)),
        ...(await memory(folder, options)),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function speed(repository: string, { rounds, tell }: BenchOptions): Promise<readonly Row[]> {
  tell(`${MANY} packages`);
  const rate = (read: () => Promise<Read>) => async (): Promise<number> => {
    const { packages, builds, ms } = await read();
    if (packages !== MANY || builds !== 5) throw new Error(`read ${packages}, ${builds} of ours`);
    return (packages / ms) * 1_000;
  };
  const contenders = [
    { name: SUBJECT, measure: rate(() => byGantry(repository)) },
    ...(existsSync(PARSER) ? [{ name: PEER, measure: rate(() => byPeer(repository)) }] : []),
  ];
  const rows = compare(await alternate(contenders, rounds), {
    ...{ what: `${MANY} packages`, unit: 'packages/s', subject: SUBJECT },
  });
  return rows.map((row) =>
    row.who === SUBJECT ? { ...row, goal: { atLeast: 20_000, of: 'figure' } } : row,
  );
}

/** Ten times the packages must not take more memory: only builds of the watched names stay. */
async function memory(folder: string, { rounds, tell }: BenchOptions): Promise<readonly Row[]> {
  tell('memory');
  const peak = (count: number) => async (): Promise<number> =>
    (await byGantry(join(folder, String(count)))).peakKb / 1_024;
  const name = (count: number): string => `peak for ${count} packages`;
  const seen: Rounds = await alternate(
    [MANY, FEW].map((count) => ({ name: name(count), measure: peak(count) })),
    rounds,
  );
  return compare(seen, {
    ...{ what: 'resident memory', unit: 'MB', subject: name(MANY) },
    goals: { [name(FEW)]: { atMost: 1.25, of: 'ratio' } },
  });
}

async function byGantry(repository: string): Promise<Read> {
  const { stdout } = await run(process.execPath, [READ_ONCE, pathToFileURL(repository).href]);
  return JSON.parse(stdout) as Read;
}

async function byPeer(repository: string): Promise<Read> {
  const { stdout } = await run(PYTHON, [PEER_SCRIPT, join(repository, 'repodata/primary.xml.gz')]);
  return JSON.parse(stdout) as Read;
}
