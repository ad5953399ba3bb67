import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DropParked, ReplayParked, topicDestination } from '@gantry/contracts';
import { Installation } from './installation.js';

const LIMIT = 180_000;
const POISON = JSON.stringify({
  type: 'lb.teleported',
  subject: 'deployment-0192f5a0-0000-7000-8000-000000000001',
});

describe('a message that the orchestrator cannot handle', () => {
  let gantry: Installation;
  const items = async (type: string) =>
    (await gantry.events('attention')).filter((e) => e.type === type).map((e) => e.data);
  const opened = async (n: number) => {
    await gantry.eventually(
      async () => (await items('attention.opened')).length >= n,
      `item ${n} to be opened`,
    );
    return (await items('attention.opened')).at(-1)!;
  };
  const closed = async (n: number) => {
    await gantry.eventually(
      async () => (await items('attention.closed')).length >= n,
      `item ${n} to be closed`,
    );
    return (await items('attention.closed')).at(-1)!;
  };

  beforeAll(async () => {
    gantry = await Installation.start();
  }, LIMIT);
  afterAll(() => gantry.stop(), LIMIT);
  afterEach(() => gantry.stopOrchestrators(), LIMIT);

  it(
    'F-030 F-031 is an attention item, is given back to its one queue, and is dropped; the queue behind it goes on',
    async () => {
      await Promise.all([
        gantry.orchestrator({ GANTRY_PARKED_LOOK_MS: '300' }),
        gantry.orchestrator({ GANTRY_PARKED_LOOK_MS: '300' }),
      ]);
      await gantry.raw(POISON, topicDestination('lb.observations'));
      const first = await opened(1);
      expect(first).toMatchObject({ kind: 'message-parked' });
      expect(first['detail']).toMatch(
        /stream deployment-0192f5a0-0000-7000-8000-000000000001, type lb\.teleported, .*invalid/,
      );
      const command = (item: Record<string, unknown>) =>
        ReplayParked.schema.parse({ key: item['key'], reason: 'mended' });
      const replayed = await gantry.ask(ReplayParked, command(first));
      expect(replayed).toEqual({ outcome: 'accepted', subject: 'parked-orchestrator' });
      expect(await closed(1)).toMatchObject({ key: first['key'] });
      // Nothing was mended, so the same queue parks it again, under another id.
      const second = await opened(2);
      expect(second['key']).not.toBe(first['key']);
      expect(await gantry.ask(ReplayParked, command(first))).toMatchObject({
        outcome: 'refused',
        code: 'unknown-parked-message',
      });
      expect(await gantry.ask(DropParked, command(second))).toMatchObject({ outcome: 'accepted' });
      expect(await closed(2)).toMatchObject({ key: second['key'] });
      const decided = await gantry.events('parked', 'orchestrator');
      expect(decided.map((e) => [e.data['action'], e.data['key'], e.data['reason']])).toEqual([
        ['replay', first['key'], 'mended'],
        ['drop', second['key'], 'mended'],
      ]);
      await gantry.build('shop', '6.0.0-1');
      const { id } = await gantry.deploy('shop', '6.0.0-1');
      await gantry.ends(id, 'succeeded');
      expect(await items('attention.opened')).toHaveLength(2);
    },
    LIMIT,
  );
});
