import { describe, expect, it } from '@jest/globals';
import { ActorId, definitionOf, Fleet, Sha256 } from '@gantry/contracts';
import fc from 'fast-check';
import {
  decideFleet,
  evolveFleet,
  initialFleet,
  type FleetInput,
  type FleetState,
} from '../index.js';

const NOW = '2026-01-01T00:00:00.000Z';
const shaOf = (n: number) => Sha256.parse(n.toString(16).padStart(64, '0'));

/** A fleet of the first n hosts, by a hash of its own. */
const fleetOf = (n: number) => ({
  sha256: shaOf(n),
  fleet: Fleet.parse({
    version: 1,
    applications: {
      shop: {
        packages: [{ name: 'shop', hieraKey: 'profile::shop::version' }],
        health: { url: 'http://127.0.0.1/health' },
      },
    },
    pools: {},
    puppetServers: { puppet: {} },
    environments: {
      production: {
        puppetServers: ['puppet'],
        applications: {
          shop: { hosts: Array.from({ length: n }, (_, i) => `web${i}`), pools: [] },
        },
      },
    },
  }),
});

const read = (n: number, maxRemovedPercent = 20): FleetInput => ({
  type: 'fleet.read',
  reading: { ok: true, ...fleetOf(n) },
  source: '/etc/gantry/fleet.yaml',
  maxRemovedPercent,
});
const broken: FleetInput = {
  type: 'fleet.read',
  reading: {
    ok: false,
    sha256: shaOf(99),
    problems: [{ line: 1, column: 1, path: '', message: 'what is this' }],
  },
  source: '/etc/gantry/fleet.yaml',
  maxRemovedPercent: 20,
};
const accept = (n: number, by = 'u-1'): FleetInput => ({
  type: 'fleet.accept-change',
  data: { sha256: shaOf(n), reason: 'the rack is given back' },
  by: ActorId.parse(by),
});

const step = (state: FleetState, input: FleetInput): FleetState => {
  const decision = decideFleet(input, state, NOW);
  return decision.outcome === 'accepted' ? decision.events.reduce(evolveFleet, state) : state;
};
const after = (...inputs: readonly FleetInput[]): FleetState => inputs.reduce(step, initialFleet);
const inForce = (state: FleetState) => state.inForce?.sha256;

describe('H-069 a fleet change that takes away much', () => {
  it('H-069 is held with what it would take away, and the last accepted fleet stays in force', () => {
    const decision = decideFleet(read(5), after(read(10)), NOW);
    expect(decision).toMatchObject({
      outcome: 'accepted',
      events: [{ type: 'fleet.change-held', data: { sha256: shaOf(5), lossCount: 1 } }],
      also: [
        { type: 'attention.closed', data: { key: 'fleet-file' } },
        { type: 'attention.opened', data: { key: 'fleet-change', kind: 'fleet-change-held' } },
      ],
    });
    const told = JSON.stringify(decision.outcome === 'accepted' ? decision.also : []);
    for (const text of [
      '/etc/gantry/fleet.yaml',
      'environments.production: loses 5 of its 10 hosts (50 %',
      'web5, web6, web7, web8, web9',
      `gantry fleet accept ${shaOf(5)} --reason`,
    ])
      expect(told).toContain(text);
    expect(inForce(after(read(10), read(5)))).toBe(shaOf(10));
  });

  it('H-069 is still held when it is read again, by whomever, and opens one item', () => {
    const state = after(read(10), read(5));
    expect(decideFleet(read(5), state, NOW)).toEqual({
      outcome: 'ignored',
      because: 'held already',
    });
  });

  it('H-069 comes into force when a person accepts it, on record with who and why, once', () => {
    const state = after(read(10), read(5));
    expect(decideFleet(accept(5), state, NOW)).toMatchObject({
      outcome: 'accepted',
      events: [
        { type: 'fleet.change-accepted', data: { by: 'u-1', reason: 'the rack is given back' } },
        { type: 'fleet.adopted', data: fleetOf(5) },
      ],
      also: [{ type: 'attention.closed', data: { key: 'fleet-change' } }],
    });
    const accepted = step(state, accept(5));
    expect(inForce(accepted)).toBe(shaOf(5));
    for (const again of [accept(5), read(5)])
      expect(decideFleet(again, accepted, NOW).outcome).toBe('ignored');
  });

  it.each([
    ['another hash', after(read(10), read(5)), accept(4), 'fleet-change-not-held'],
    ['nothing held', after(read(10)), accept(5), 'fleet-change-not-held'],
    [
      'a change that was taken back',
      after(read(10), read(5), read(10)),
      accept(5),
      'fleet-change-not-held',
    ],
    [
      'a change that another one replaced',
      after(read(10), read(5), read(4)),
      accept(5),
      'fleet-change-not-held',
    ],
    [
      'a change after which the file broke',
      after(read(10), read(5), broken),
      accept(5),
      'fleet-change-not-held',
    ],
    ['a machine', after(read(10), read(5)), accept(5, 'ci-jenkins'), 'approver-is-automation'],
    ['a service', after(read(10), read(5)), accept(5, 'orchestrator'), 'approver-is-automation'],
  ])('H-069 is not accepted: %s', (_what, state, input, code) => {
    expect(decideFleet(input, state, NOW)).toMatchObject({
      outcome: 'refused',
      refusal: { status: 'conflict', code },
    });
  });

  it.each([
    ['goes back', read(10)],
    ['takes away less', read(9)],
    ['has errors', broken],
    ['is read where the limit is higher', read(5, 50)],
  ])('H-069 has its item closed when the file %s', (_what, input) => {
    const state = after(read(10), read(5));
    expect(decideFleet(input, state, NOW)).toMatchObject({
      outcome: 'accepted',
      also: expect.arrayContaining([
        expect.objectContaining({
          type: 'attention.closed',
          data: expect.objectContaining({ key: 'fleet-change' }),
        }),
      ]),
    });
    expect(step(state, input).held).toBeUndefined();
  });

  it('H-069 what is written fits the log and the item, however much it takes away', () => {
    const wide = Fleet.parse({
      ...fleetOf(1).fleet,
      pools: Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [
          `p${i}`,
          { device: 'lb', backend: `b${i}`, members: { [`${'h'.repeat(60)}${i}`]: 'm' } },
        ]),
      ),
    });
    const first: FleetInput = {
      ...(read(1) as Extract<FleetInput, { type: 'fleet.read' }>),
      reading: { ok: true, sha256: shaOf(500), fleet: wide },
    };
    const decision = decideFleet(read(1), after(first), NOW);
    const facts = decision.outcome === 'accepted' ? [...decision.events, ...decision.also] : [];
    expect(facts).toHaveLength(3);
    for (const fact of facts)
      expect(definitionOf(fact.type)?.strict.safeParse(fact.data).error).toBeUndefined();
    expect(JSON.stringify(facts)).toContain('and 285 more');
  });

  it('H-069 no order of files and acceptances takes away more at once than was accepted by its hash', () => {
    const input = fc.oneof(
      fc.integer({ min: 1, max: 20 }).map((n) => ({ n, input: read(n) })),
      fc.integer({ min: 1, max: 20 }).map((n) => ({ n, input: accept(n) })),
      fc.constant({ n: 0, input: broken }),
    );
    const hostsIn = (state: FleetState) =>
      state.inForce?.fleet.environments['production' as never]?.applications['shop' as never]?.hosts
        .length ?? 0;
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        let state = initialFleet;
        for (const { n, input: one } of inputs) {
          const next = step(state, one);
          if (one.type === 'fleet.accept-change' && next !== state) {
            expect(state.held?.sha256).toBe(shaOf(n));
            expect(hostsIn(next)).toBe(n);
          } else {
            const lost = Math.max(0, hostsIn(state) - hostsIn(next));
            expect(lost * 100).toBeLessThanOrEqual(hostsIn(state) * 20);
          }
          state = next;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
