import { describe, expect, it } from '@jest/globals';
import { definitionOf, Fleet, Sha256 } from '@gantry/contracts';
import {
  decideFleet,
  evolveFleet,
  initialFleet,
  type FleetInput,
  type FleetState,
} from '../index.js';

const NOW = '2026-01-01T00:00:00.000Z';
const sha = (digit: string) => Sha256.parse(digit.repeat(64));
const fleet = { applications: {}, environments: {}, pools: {}, puppetServers: {} } as Fleet;
type Reading = Extract<FleetInput, { type: 'fleet.read' }>['reading'];
const read = (reading: Reading): FleetInput => ({
  type: 'fleet.read',
  reading,
  source: 'fleet.yaml',
  maxRemovedPercent: 20,
});
const good = (digit: string): FleetInput => read({ ok: true, sha256: sha(digit), fleet });
const bad = (digit: string, line: number): FleetInput =>
  read({
    ok: false,
    sha256: sha(digit),
    problems: [{ line, column: 3, path: 'pools.shop', message: 'what is this' }],
  });

/** The fleet after these readings. */
const after = (...readings: readonly FleetInput[]): FleetState =>
  readings.reduce<FleetState>((state, reading) => {
    const decision = decideFleet(reading, state, NOW);
    return decision.outcome === 'accepted' ? decision.events.reduce(evolveFleet, state) : state;
  }, initialFleet);

describe('a fleet file', () => {
  it('comes into force when it is good, once', () => {
    expect(after(good('a')).inForce?.sha256).toBe(sha('a'));
    expect(decideFleet(good('a'), after(good('a')), NOW).outcome).toBe('ignored');
    expect(after(good('a'), good('b')).inForce?.sha256).toBe(sha('b'));
  });

  it('is refused when it is bad, and the last good one stays in force', () => {
    const decision = decideFleet(bad('b', 7), after(good('a')), NOW);
    expect(decision).toMatchObject({
      outcome: 'accepted',
      events: [{ type: 'fleet.rejected', data: { sha256: sha('b') } }],
      also: [{ type: 'attention.opened', data: { key: 'fleet-file' } }],
    });
    expect(JSON.stringify(decision)).toContain('line 7, column 3, pools.shop: what is this');
    expect(JSON.stringify(decision)).toContain('Mend line 7 (pools.shop)');
    const state = after(good('a'), bad('b', 7));
    expect(state).toMatchObject({ inForce: { sha256: sha('a') }, rejected: sha('b') });
    expect(decideFleet(bad('b', 7), state, NOW).outcome).toBe('ignored');
  });

  it('renews its attention item when another bad file follows', () => {
    const decision = decideFleet(bad('c', 9), after(bad('b', 7)), NOW);
    expect(decision).toMatchObject({
      also: [{ type: 'attention.closed' }, { type: 'attention.opened' }],
    });
    expect(JSON.stringify(decision)).toContain('line 9');
  });

  it('that is good again closes the item, also when it is the one still in force', () => {
    for (const digit of ['a', 'c']) {
      expect(decideFleet(good(digit), after(good('a'), bad('b', 7)), NOW)).toMatchObject({
        outcome: 'accepted',
        also: [{ type: 'attention.closed', data: { key: 'fleet-file' } }],
      });
    }
    expect(after(good('a'), bad('b', 7), good('a')).rejected).toBeUndefined();
  });

  it('has as many problems told as an attention item takes', () => {
    const problem = { line: 1, column: 1, path: 'x'.repeat(500), message: 'y'.repeat(1_000) };
    const reading = { ok: false, sha256: sha('b'), problems: Array(100).fill(problem) } as const;
    const decision = decideFleet(read(reading), initialFleet, NOW);
    const facts = decision.outcome === 'accepted' ? [...decision.events, ...decision.also] : [];
    expect(facts).toHaveLength(2);
    for (const fact of facts)
      expect(definitionOf(fact.type)?.strict.safeParse(fact.data).error).toBeUndefined();
  });
});
