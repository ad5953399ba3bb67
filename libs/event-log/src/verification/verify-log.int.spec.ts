import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import type { Pool } from 'pg';
import { anEvent, aStream } from '../../test/events.js';
import { TestPostgres } from '../../test/postgres.js';
import {
  createLogPool,
  PostgresEventLog,
  verifyAll,
  verifyStream,
  type StreamId,
} from '../index.js';

jest.setTimeout(60_000);

describe('verifying hash chains', () => {
  let postgres: TestPostgres;
  let database: string;
  let pool: Pool;
  let stream: StreamId;
  beforeAll(async () => {
    postgres = await TestPostgres.start();
  });
  afterAll(() => postgres.destroy());
  beforeEach(async () => {
    database = await postgres.freshDatabase();
    pool = createLogPool({ url: postgres.url(database) });
    const log = new PostgresEventLog({ pool });
    const other = aStream('host');
    stream = aStream();
    for (let version = 0; version < 5; version += 1) {
      await log.transact({
        streams: [stream, other],
        work: async (tx) => {
          await tx.append(stream, version, [anEvent({ data: { step: version, host: 'web1' } })]);
          await tx.append(other, version, [anEvent()]);
        },
      });
    }
  });
  afterEach(() => pool.end());

  /** As somebody who owns the machine would: around role and trigger. */
  const tamper = (sql: string, params: unknown[] = []): Promise<unknown> =>
    postgres.sql(
      `DO $do$ BEGIN
         ALTER TABLE log.event DISABLE TRIGGER event_is_append_only;
         ${sql.replaceAll('$stream', `'${stream.id}'`)};
         ALTER TABLE log.event ENABLE ALWAYS TRIGGER event_is_append_only;
       END $do$`,
      params,
      database,
    );
  const at = (version: number): string =>
    `WHERE stream_id = $stream AND stream_version = ${version}`;

  it('finds untouched streams intact and says how many events it looked at', async () => {
    expect(await verifyStream(pool, stream)).toEqual({ intact: true, checked: 5 });
    expect(await verifyAll(pool, 3)).toEqual({ intact: true, checked: 10 });
  });

  it('gives the same hash from what jsonb made of awkward values', async () => {
    const log = new PostgresEventLog({ pool });
    const awkward = aStream();
    const datas = [
      { n: [1.0, 1e21, 1e-7, -0, 5e-324, Number.MAX_VALUE, 0.1 + 0.2, 123456789012345680000] },
      { b: 1, a: { d: [], c: {}, '10': 0, '9': null }, '': 'empty key', é: 1, z: undefined },
      {
        text: '🚀 Grüße \u2028\u2029 \u0001 \\ " / \n \ud83d\ude80',
        deep: [[[[{ x: [1, [2]] }]]]],
      },
      'text',
      null,
      0,
      [],
    ];
    await log.transact({
      streams: [awkward],
      work: (tx) =>
        tx.append(
          awkward,
          0,
          datas.map((data) => anEvent({ data })),
        ),
    });
    await log.transact({
      streams: [awkward],
      work: (tx) => tx.append(awkward, datas.length, [anEvent({ data: datas[0] })]),
    });
    expect(await verifyStream(pool, awkward)).toEqual({ intact: true, checked: 8 });
  });

  const CASES: readonly [string, string, number, string][] = [
    [
      'a changed letter',
      `UPDATE log.event SET data = jsonb_set(data, '{host}', '"web2"') ${at(3)}`,
      3,
      'changed-content',
    ],
    [
      'a changed actor',
      `UPDATE log.event SET metadata = metadata || '{"actor":"x"}' ${at(2)}`,
      2,
      'changed-content',
    ],
    [
      'a changed time',
      `UPDATE log.event SET recorded_at = recorded_at + interval '1 ms' ${at(2)}`,
      2,
      'changed-content',
    ],
    [
      'a changed type',
      `UPDATE log.event SET type = E'step.done\\n' ${at(2)}`,
      2,
      'changed-content',
    ],
    ['a deleted event', `DELETE FROM log.event ${at(2)}`, 3, 'version-gap'],
    ['a deleted first event', `DELETE FROM log.event ${at(1)}`, 2, 'version-gap'],
    [
      'a deleted event, the rest moved up',
      `DELETE FROM log.event ${at(2)}; UPDATE log.event SET stream_version = 2 ${at(3)};
       UPDATE log.event SET stream_version = 3 ${at(4)}; UPDATE log.event SET stream_version = 4 ${at(5)}`,
      2,
      'broken-link',
    ],
    [
      'two events swapped',
      `UPDATE log.event SET stream_version = 99 ${at(2)}; UPDATE log.event SET stream_version = 2 ${at(3)};
       UPDATE log.event SET stream_version = 3 WHERE stream_id = $stream AND stream_version = 99`,
      2,
      'broken-link',
    ],
    [
      'an event put in at the end',
      `INSERT INTO log.event (stream_type, stream_id, stream_version, event_id, type, schema_version, data, metadata,
         recorded_at, prev_hash, hash)
       SELECT stream_type, stream_id, 6, gen_random_uuid(), 'step.done', 1, '{}', metadata, recorded_at, hash,
         sha256('guess') FROM log.event ${at(5)}`,
      6,
      'changed-content',
    ],
    [
      'contents exchanged between two events',
      `UPDATE log.event a SET data = b.data FROM log.event b
       WHERE a.stream_id = $stream AND b.stream_id = $stream AND a.stream_version + b.stream_version = 5
         AND a.stream_version IN (2, 3)`,
      2,
      'changed-content',
    ],
  ];

  it.each(CASES)('names the first bad event after %s', async (_, sql, version, problem) => {
    await tamper(sql);
    const verification = await verifyStream(pool, stream);
    expect(verification).toMatchObject({
      intact: false,
      fault: { stream: `deployment-${stream.id}`, streamVersion: version, problem },
    });
    const rows = await postgres.sql<{ position: string }>(
      'SELECT position FROM log.event WHERE stream_id = $1 AND stream_version = $2',
      [stream.id, version],
      database,
    );
    expect(verification).toHaveProperty('fault.position', rows[0]!.position);
    expect(await verifyAll(pool)).toMatchObject({ intact: false });
  });

  it('sees an event moved before its predecessor in the feed', async () => {
    await tamper(`UPDATE log.event SET xid = '3' ${at(4)}`);
    expect(await verifyStream(pool, stream)).toMatchObject({
      intact: false,
      fault: { streamVersion: 4, problem: 'out-of-order' },
    });
  });
});
