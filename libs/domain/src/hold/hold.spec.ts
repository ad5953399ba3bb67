import { describe, expect, it } from '@jest/globals';
import { ActorId, definitionOf, LiftHold, PlaceHold } from '@gantry/contracts';
import {
  decideHold,
  evolveHold,
  holdWakeUpAt,
  initialHold,
  type HoldInput,
  type HoldState,
} from '../index.js';

const NOW = '2026-03-10T09:00:00.000Z';
const UNTIL = '2026-03-17T09:00:00.000Z';
const [ann, bob] = ['u-ann', 'u-bob'].map((id) => ActorId.parse(id)) as [ActorId, ActorId];
const known = {
  applications: new Set(['shop']),
  environments: new Set(['production']),
  pools: new Set(['shop-production']),
};
const holdId = '0199d0c4-b7c2-7e10-8a44-2f6b8d0c1e3a';
const place = (changes: Record<string, unknown> = {}, by = ann): HoldInput => ({
  type: 'hold.place',
  data: PlaceHold.schema.parse({
    holdId,
    rule: { kind: 'lock' },
    scope: { over: 'environment', environment: 'production' },
    reason: 'the database moves',
    until: UNTIL,
    ...changes,
  }),
  by,
  known,
});
const lift: HoldInput = {
  type: 'hold.lift',
  data: LiftHold.schema.parse({ holdId, reason: 'it has moved' }),
  by: bob,
};
const tick: HoldInput = { type: 'tick' };

/** The state after these inputs, all of which must be taken; every event is checked against the contracts. */
function after(...inputs: readonly (readonly [HoldInput, string])[]): HoldState {
  return inputs.reduce<HoldState>((state, [input, now]) => {
    const decision = decideHold(input, state, now);
    if (decision.outcome !== 'accepted') throw new Error(JSON.stringify(decision));
    for (const { type, data } of decision.events)
      expect(definitionOf(type)?.strict.safeParse(data).error).toBeUndefined();
    return decision.events.reduce(evolveHold, state);
  }, initialHold);
}
const placed = after([place(), NOW]);
const lifted = after([place(), NOW], [lift, NOW]);
const expired = after([place(), NOW], [tick, UNTIL]);

describe('a hold', () => {
  it('is owned by whoever places it, and wants to be woken when it ends', () => {
    expect(placed).toMatchObject({ status: 'placed', hold: { owner: 'u-ann', until: UNTIL } });
    expect(holdWakeUpAt(placed)).toBe(UNTIL);
    expect(holdWakeUpAt(after([place({ until: undefined }), NOW]))).toBeUndefined();
    expect(holdWakeUpAt(initialHold)).toBeUndefined();
  });

  it('placed twice is one hold; another under the same id is refused', () => {
    expect(decideHold(place(), placed, NOW).outcome).toBe('ignored');
    expect(decideHold(place(), lifted, NOW).outcome).toBe('ignored');
    for (const other of [place({ reason: 'another' }), place({}, bob)])
      expect(decideHold(other, placed, NOW)).toMatchObject({
        refusal: { status: 'conflict', code: 'hold-exists' },
      });
  });

  it.each(['2026-03-10T08:00:00.000Z', NOW])(
    'that would be over already (%s) is refused',
    (until) => {
      expect(decideHold(place({ until }), initialHold, NOW)).toMatchObject({
        refusal: { status: 'invalid', code: 'hold-over-already' },
      });
    },
  );

  it.each([
    [{ over: 'environment', environment: 'prodution' }, /environment prodution/],
    [{ over: 'application', application: 'shpo' }, /application shpo/],
    [
      { over: 'application-in-environment', application: 'shpo', environment: 'production' },
      /application shpo/,
    ],
    [
      { over: 'application-in-environment', application: 'shop', environment: 'staging' },
      /environment staging/,
    ],
    [{ over: 'pool', pool: 'shop' }, /pool shop/],
  ])('on %j, which nobody knows, is refused: it would bind nothing', (scope, says) => {
    expect(decideHold(place({ scope }), initialHold, NOW)).toMatchObject({
      refusal: { code: 'unknown-scope', message: expect.stringMatching(says) },
    });
  });

  it.each([
    { over: 'all' },
    { over: 'application', application: 'shop' },
    { over: 'pool', pool: 'shop-production' },
    { over: 'application-in-environment', application: 'shop', environment: 'production' },
  ])('may lie on %j', (scope) => {
    expect(after([place({ scope }), NOW]).status).toBe('placed');
  });

  it('is lifted once, on record with who and why', () => {
    expect(decideHold(lift, placed, NOW)).toEqual({
      outcome: 'accepted',
      events: [
        { type: 'hold.lifted', data: { holdId, by: 'u-bob', reason: 'it has moved' }, at: NOW },
      ],
      also: [],
    });
    expect(decideHold(lift, lifted, NOW).outcome).toBe('ignored');
    expect(decideHold(lift, expired, NOW).outcome).toBe('ignored');
    expect(decideHold(lift, initialHold, NOW)).toMatchObject({
      refusal: { status: 'not-found', code: 'unknown-hold' },
    });
    expect(holdWakeUpAt(lifted)).toBeUndefined();
  });

  it('expires at its time and not before, and a timer that comes late or twice changes nothing', () => {
    expect(decideHold(tick, placed, '2026-03-17T08:59:59.999Z').outcome).toBe('ignored');
    expect(expired.status).toBe('expired');
    for (const state of [initialHold, lifted, expired, after([place({ until: undefined }), NOW])])
      expect(decideHold(tick, state, '2030-01-01T00:00:00.000Z').outcome).toBe('ignored');
  });

  it('is nothing before it was placed', () => {
    const fact = { type: 'hold.expired', data: { holdId }, at: NOW };
    expect(evolveHold(initialHold, fact as never)).toBe(initialHold);
  });
});
