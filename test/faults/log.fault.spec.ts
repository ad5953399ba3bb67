import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CommitUnknownError,
  createLogPool,
  logMigrations,
  LogUnavailableError,
  PostgresEventLog,
  verifyAll,
  type TransactionInput,
} from '@gantry/event-log';
import { CuttingProxy } from '../../libs/event-log/test/cutting-proxy.js';
import { anEvent, aStream } from '../../libs/event-log/test/events.js';
import { TestPostgres } from '../../libs/event-log/test/postgres.js';

type Pool = ReturnType<typeof createLogPool>;

jest.setTimeout(60_000);

const WRITERS = 8;
const EACH = 50;

/** Draws the same numbers in every run. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const stored = async (pool: Pool, type: string): Promise<readonly string[]> => {
  const sql = 'SELECT event_id FROM log.event WHERE type = $1 ORDER BY event_id';
  return (await pool.query<{ event_id: string }>(sql, [type])).rows.map((row) => row.event_id);
};

/** Asks until it is done, as whoever gets a message again does; how often the answer was lost. */
async function untilTaken(log: PostgresEventLog, input: TransactionInput<void>): Promise<number> {
  for (let lost = 0; ; lost += 1) {
    try {
      await log.transact(input);
      return lost;
    } catch (error) {
      if (!(error instanceof CommitUnknownError || error instanceof LogUnavailableError))
        throw error;
    }
  }
}

describe('the log behind a connection that breaks at commits', () => {
  let postgres: TestPostgres;
  let proxy: CuttingProxy;
  let pool: Pool;
  let direct: Pool;
  beforeAll(async () => {
    postgres = await TestPostgres.start();
    const database = await postgres.freshDatabase();
    proxy = await CuttingProxy.start(postgres.port);
    pool = createLogPool({ url: `postgresql://postgres@127.0.0.1:${proxy.port}/${database}` });
    direct = createLogPool({ url: postgres.url(database) });
  });
  afterAll(async () => {
    await Promise.all([pool.end(), direct.end()]);
    await proxy.stop();
    await postgres.destroy();
  });

  it.each([1, 5, 20])(
    `F-038 ${WRITERS} writers ask again after each of %i %% lost commits: nothing is lost and nothing doubled`,
    async (percent) => {
      const log = new PostgresEventLog({ pool });
      const draw = drawing(percent);
      const type = `lost.${percent}`;
      let lost = 0;
      proxy.draw = () => {
        if (draw() * 100 >= percent) return 'never';
        return draw() < 0.5 ? 'before-commit' : 'after-commit';
      };
      const wanted: string[] = [];
      const writer = async (): Promise<void> => {
        const stream = aStream();
        for (let n = 0; n < EACH; n += 1) {
          const event = anEvent({ type });
          wanted.push(event.eventId);
          const input: TransactionInput<void> = {
            streams: [stream],
            inbox: { consumer: 'c', messageId: randomUUID() },
            work: (tx) => tx.append(stream, tx.version(stream), [event]),
          };
          // Not in one: what the other writers have counted meanwhile would be lost.
          const times = await untilTaken(log, input);
          lost += times;
        }
      };
      await Promise.all(Array.from({ length: WRITERS }, writer));
      proxy.draw = undefined;
      expect(lost).toBeGreaterThan(0);
      expect(await stored(direct, type)).toEqual([...wanted].sort());
      expect(await verifyAll(direct)).toMatchObject({ intact: true });
    },
  );
});

describe('the log on a disk that is full', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-full-'));
  const filler = join(folder, 'filler');
  let postgres: TestPostgres;
  let pool: Pool;
  let log: PostgresEventLog;

  const run = (program: string, ...args: string[]): void => {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  };
  const append = async (): Promise<string> => {
    const stream = aStream();
    const event = anEvent({ type: 'full', data: { text: randomBytes(3_000).toString('hex') } });
    await log.transact({ streams: [stream], work: (tx) => tx.append(stream, 0, [event]) });
    return event.eventId;
  };

  const firstRefusal = async (taken: string[]): Promise<unknown> => {
    for (;;) {
      try {
        taken.push(await append());
      } catch (error) {
        return error;
      }
    }
  };

  beforeAll(async () => {
    run('mount', '-t', 'tmpfs', '-o', 'size=160m,mode=755', 'tmpfs', folder);
    postgres = await TestPostgres.start(logMigrations, folder);
    pool = createLogPool({ url: postgres.url(await postgres.freshDatabase()) });
    log = new PostgresEventLog({ pool });
  });
  afterAll(async () => {
    await pool.end();
    await postgres.destroy();
    run('umount', folder);
    rmSync(folder, { recursive: true });
  });

  it('F-041 refuses to append with the reason, still reads, and goes on when there is room: what it had taken is there, once', async () => {
    const taken = [await append()];
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'], { stdio: 'ignore' });
    const refused = await firstRefusal(taken);
    expect(refused).toBeInstanceOf(LogUnavailableError);
    expect(refused).toMatchObject({
      message: expect.stringMatching(/No space left on device/) as unknown,
    });
    expect((await log.readFeed(undefined, 100_000)).map((e) => e.eventId).sort()).toEqual(
      [...taken].sort(),
    );
    writeFileSync(filler, '');
    taken.push(await append());
    expect(await stored(pool, 'full')).toEqual([...taken].sort());
    expect(await verifyAll(pool)).toMatchObject({ intact: true });
  });
});
