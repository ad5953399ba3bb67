import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SideFact } from '@gantry/domain';
import { InMemoryEventLog, type EventCodec } from '@gantry/event-log';
import { sideFactsThatMatter, sideStreamOf } from './side-facts.js';

const at = '2026-01-01T00:00:00.000Z';
const key = 'host-out-of-service.web1.lab';
const closed: SideFact = { type: 'attention.closed', data: { key, because: 'it is back' }, at };
const opened: SideFact = {
  type: 'attention.opened',
  data: { key, kind: 'host-out-of-service', title: 'web1 is out', detail: 'full', todo: 'look' },
  at,
};
const stream = sideStreamOf(opened);

/** Reads everything but what only a newer version knows. */
const codec: EventCodec = {
  encode: ({ type, data }) => ({ type, schemaVersion: 1, data }),
  decode: ({ type, data }) => {
    if (type === 'attention.not-yet-known') throw new Error(`no event is called ${type}`);
    return data;
  },
};

/** Which of these facts matter to an item whose stream has these events. */
async function mattering(types: readonly string[], facts: readonly SideFact[]) {
  const log = new InMemoryEventLog({ codec });
  const metadata = { causationId: 'a', correlationId: 'a', actor: 'test', occurredAt: at };
  const { outcome, ...rest } = await log.transact({
    streams: [stream],
    work: async (tx) => {
      const events = types.map((type) => ({
        eventId: randomUUID(),
        type,
        schemaVersion: 1,
        data: {},
        metadata,
      }));
      await tx.append(stream, 0, events);
      return (await sideFactsThatMatter(tx, facts)).map(({ type }) => type);
    },
  });
  return outcome === 'committed' && 'value' in rest ? rest.value : outcome;
}

describe('what is written beside a decision', () => {
  it.each([
    [[], [opened], ['attention.opened']],
    [[], [closed], []],
    [['attention.opened'], [opened], []],
    [['attention.opened'], [closed, closed], ['attention.closed']],
    [['attention.opened', 'attention.closed'], [opened], ['attention.opened']],
  ])('after %j the item is opened once and closed once', async (types, facts, matter) => {
    expect(await mattering(types, facts)).toEqual(matter);
  });

  it.each([
    [['attention.not-yet-known', 'attention.opened'], [closed], ['attention.closed']],
    [['attention.opened', 'attention.not-yet-known'], [closed], ['attention.closed']],
    [['attention.not-yet-known'], [opened, opened], ['attention.opened']],
  ])(
    'I-18 after %j, of which this version cannot read all, it says what is so now',
    async (types, facts, matter) => {
      expect(await mattering(types, facts)).toEqual(matter);
    },
  );
});
