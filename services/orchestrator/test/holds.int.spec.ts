import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LiftHold, PlaceHold } from '@gantry/contracts';
import { Installation } from './installation.js';

const LIMIT = 180_000;

describe('holds', () => {
  let gantry: Installation;
  const place = (changes: Record<string, unknown> = {}) =>
    PlaceHold.schema.parse({
      holdId: randomUUID(),
      rule: { kind: 'lock' },
      scope: { over: 'environment', environment: 'production' },
      reason: 'the database moves',
      ...changes,
    });
  const types = async (id: string) => (await gantry.events('hold', id)).map(({ type }) => type);
  const expired = (id: string) =>
    gantry.eventually(async () => (await types(id)).at(-1) === 'hold.expired', 'it to expire');

  beforeAll(async () => {
    gantry = await Installation.start();
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);
  afterEach(() => gantry.stopOrchestrators(), LIMIT);

  it(
    'are placed and lifted on record, once each however often and to whichever replica it is said',
    async () => {
      await Promise.all([gantry.orchestrator(), gantry.orchestrator()]);
      const data = place();
      const replies = await Promise.all([1, 2, 3].map(() => gantry.ask(PlaceHold, data)));
      expect(replies.map((r) => r.outcome).sort()).toEqual(['accepted', 'ignored', 'ignored']);
      const lift = LiftHold.schema.parse({ holdId: data.holdId, reason: 'it has moved' });
      expect(await gantry.ask(LiftHold, lift)).toMatchObject({
        outcome: 'accepted',
        subject: `hold-${data.holdId}`,
      });
      expect((await gantry.ask(LiftHold, lift)).outcome).toBe('ignored');
      expect((await gantry.events('hold', data.holdId)).map((e) => [e.type, e.data])).toEqual([
        ['hold.placed', { ...data, owner: 'tester' }],
        ['hold.lifted', { holdId: data.holdId, by: 'tester', reason: 'it has moved' }],
      ]);
    },
    LIMIT,
  );

  it(
    'on something that is not in the fleet file are refused, and nothing is recorded',
    async () => {
      await gantry.orchestrator();
      const data = place({ scope: { over: 'pool', pool: 'wbe' } });
      expect(await gantry.ask(PlaceHold, data)).toMatchObject({
        outcome: 'refused',
        code: 'unknown-scope',
      });
      expect(await types(data.holdId)).toEqual([]);
    },
    LIMIT,
  );

  it(
    'expire at their time, also when whoever took them died and their timers were lost',
    async () => {
      const first = await gantry.orchestrator();
      const until = (ms: number) => new Date(Date.now() + ms).toISOString();
      const [soon, later] = [place({ until: until(2_000) }), place({ until: until(8_000) })];
      for (const data of [soon, later])
        expect((await gantry.ask(PlaceHold, data)).outcome).toBe('accepted');
      await expired(soon.holdId);
      await first.kill9();
      await gantry.postgres.sql('TRUNCATE orchestrator.timer');
      await gantry.orchestrator();
      await expired(later.holdId);
      const [, end] = await gantry.postgres.sql(
        `SELECT metadata ->> 'occurredAt' AS at FROM log.event WHERE stream_id = '${later.holdId}' ORDER BY stream_version`,
      );
      expect(Date.parse(String(end?.['at']))).toBeGreaterThanOrEqual(Date.parse(later.until ?? ''));
      expect(await types(soon.holdId)).toEqual(['hold.placed', 'hold.expired']);
      expect(await gantry.postgres.sql('SELECT stream FROM orchestrator.timer')).toEqual([]);
    },
    LIMIT,
  );

  it(
    'a stopped line stops what runs before its next host; it goes on by itself when the line goes',
    async () => {
      await gantry.orchestrator();
      await gantry.eventually(async () => (await gantry.events('fleet')).length > 0, 'a fleet');
      await gantry.build('shop', '3.0.0-1');
      gantry.fleet.lost.add('puppet.publish.requested');
      const { id } = await gantry.deploy('shop', '3.0.0-1');
      const seen = async (type: string) =>
        (await gantry.events('deployment', id)).filter((e) => e.type === type);
      const happens = (type: string) =>
        gantry.eventually(async () => (await seen(type)).length > 0, type);
      await happens('puppet.publish.requested');
      const data = place({ rule: { kind: 'stop-the-line' }, scope: { over: 'all' } });
      await gantry.ask(PlaceHold, data);
      await happens('deployment.paused');
      const [paused] = await seen('deployment.paused');
      expect(paused?.data).toMatchObject({ because: 'held', binding: `hold:${data.holdId}` });
      gantry.fleet.lost.clear();
      await happens('deployment.host-done');
      expect(await seen('deployment.host-reserved')).toHaveLength(1);
      await gantry.ask(LiftHold, LiftHold.schema.parse({ holdId: data.holdId, reason: 'mended' }));
      await happens('deployment.resumed');
      await gantry.ends(id, 'succeeded');
    },
    LIMIT,
  );
});
