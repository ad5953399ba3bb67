import { describe, expect, it } from '@jest/globals';
import {
  ApplicationName,
  ChangeWindow,
  EnvironmentName,
  Evr,
  Freeze,
  HoldPlaced,
  Override,
  PoolName,
} from '@gantry/contracts';
import fc from 'fast-check';
import { mayStart, whenWindowCloses, type ChangeTarget, type TimeRules } from '../index.js';
import { SEVERITY } from './binding.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-09T00:00:00Z');
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();
const local = (hours: number): string => at(hours).slice(0, 16);

const applications = ['shop', 'billing'] as const;
const environments = ['production', 'staging'] as const;
const name = {
  application: fc.constantFrom(...applications),
  environment: fc.constantFrom(...environments),
};
const scope = fc.oneof(
  fc.constant({ over: 'all' as const }),
  fc.record({ over: fc.constant('environment' as const), environment: name.environment }),
  fc.record({ over: fc.constant('application' as const), application: name.application }),
  fc.record({ over: fc.constant('application-in-environment' as const), ...name }),
  fc.record({ over: fc.constant('pool' as const), pool: fc.constantFrom('a', 'b') }),
);
const kind = fc.constantFrom('lock', 'freeze', 'stop-the-line', 'pin');
const placed = fc
  .record({
    kind,
    scope,
    ends: fc.option(fc.integer({ min: 0, max: 240 })),
    version: fc.constantFrom('1.4', '1.5'),
  })
  .map(({ kind: of, scope: on, ends, version }) => ({ of, on, ends, version }));
const frozen = fc
  .record({
    from: fc.nat(200),
    lasts: fc.integer({ min: 1, max: 60 }),
    of: fc.option(name.environment),
  })
  .map(({ from, lasts, of }) => ({ from, to: from + lasts, of }));
const situation = fc.record({
  ...name,
  pools: fc.subarray(['a', 'b']),
  evr: fc.constantFrom('1.4.2-1', '1.5.0-1'),
  open: fc.option(
    fc.record({ from: fc.nat(23), to: fc.nat(23) }).filter(({ from, to }) => from !== to),
  ),
  placed: fc.array(placed, { maxLength: 5 }),
  frozen: fc.array(frozen, { maxLength: 3 }),
  policy: fc.constantFrom('finish', 'pause'),
  hour: fc.nat(240),
  named: fc.nat(),
});
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

const holdId = (i: number): string => `0199d0c4-b7c2-7e10-8a44-${String(i).padStart(12, '0')}`;
const twoDigits = (n: number): string => `${String(n).padStart(2, '0')}:00`;

/** The situation in the domain's terms, with everything that binds, found by looking at each thing on its own. */
function made(s: Situation) {
  const target: ChangeTarget = {
    application: ApplicationName.parse(s.application),
    environment: EnvironmentName.parse(s.environment),
    pools: s.pools.map((pool) => PoolName.parse(pool)),
    evr: Evr.parse(s.evr),
  };
  const holds = s.placed.map(({ of, on, ends, version }, i) =>
    HoldPlaced.strict.parse({
      holdId: holdId(i),
      rule: of === 'pin' ? { kind: of, version } : { kind: of },
      scope: on,
      reason: 'generated',
      owner: 'u-ann',
      ...(ends === null ? {} : { until: at(ends) }),
    }),
  );
  const concerning = s.frozen
    .map((f, i) => ({ ...f, name: `f${i}` }))
    .filter((f) => f.of === null || f.of === s.environment);
  const freezes = concerning.map(({ name: called, from, to }) =>
    Freeze.parse({
      name: called,
      environments: 'all',
      from: local(from),
      to: local(to),
      timeZone: 'UTC',
      reason: 'generated',
    }),
  );
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const windows =
    s.open === null
      ? []
      : [
          ChangeWindow.parse({
            days,
            from: twoDigits(s.open.from),
            to: twoDigits(s.open.to),
            timeZone: 'UTC',
          }),
        ];
  const bindsAt = (hour: number): readonly { id: string; rule: string }[] => [
    ...s.placed.flatMap(({ of, on, ends, version }, i) => {
      const over = ends !== null && ends <= hour;
      const kept = of === 'pin' && s.evr.startsWith(`${version}.`);
      return covers(on, s) && !over && !kept ? [{ id: `hold:${holdId(i)}`, rule: of }] : [];
    }),
    ...concerning.flatMap(({ name: called, from, to }) =>
      from <= hour && hour < to ? [{ id: `freeze:${called}`, rule: 'freeze' }] : [],
    ),
    ...(s.open === null || isOpen(s.open, hour % 24)
      ? []
      : [{ id: `window:${s.environment}`, rule: 'window' }]),
  ];
  const calendar = { windows, freezes, whenWindowCloses: s.policy };
  const rules: TimeRules = { calendar, holds, override: undefined };
  return { target, rules, bindsAt };
}

/** A scope that names something covers only that. */
const covers = (on: Situation['placed'][number]['on'], s: Situation): boolean =>
  (!('environment' in on) || on.environment === s.environment) &&
  (!('application' in on) || on.application === s.application) &&
  (!('pool' in on) || s.pools.includes(on.pool));

const isOpen = ({ from, to }: { from: number; to: number }, hour: number): boolean =>
  from < to ? from <= hour && hour < to : hour >= from || hour < to;

const overriding = (of: readonly string[]): TimeRules['override'] =>
  of.length === 0 ? undefined : { ...Override.parse({ of, reason: 'generated' }), by: 'u-bob' };

const told = (verdict: ReturnType<typeof mayStart>): readonly { id: string; rule: string }[] =>
  verdict.allowed ? [] : [verdict, ...verdict.others];
const ids = (things: readonly { id: string }[]): readonly string[] =>
  things.map(({ id }) => id).sort();

describe('whether something may start', () => {
  it('depends on each thing that binds on its own, less what is named in the override', () => {
    fc.assert(
      fc.property(situation, (s) => {
        const { target, rules, bindsAt } = made(s);
        const binds = bindsAt(s.hour);
        const named = binds.filter((_, i) => ((s.named >> i) & 1) === 1).map(({ id }) => id);
        const left = binds.filter(({ id }) => !named.includes(id));
        const verdict = mayStart({ ...rules, override: overriding(named) }, target, at(s.hour));
        expect(verdict.allowed).toBe(left.length === 0);
        expect(ids(told(verdict))).toEqual(ids(left));
        if (verdict.allowed) expect(ids(verdict.overridden)).toEqual([...named].sort());
        const severities = told(verdict).map(({ rule }) => SEVERITY.findIndex((r) => r === rule));
        expect(severities).toEqual([...severities].sort((a, b) => a - b));
      }),
      { numRuns: 1_000 },
    );
  });

  it('at the moment that is told and not before, if nobody lifts anything', () => {
    fc.assert(
      fc.property(situation, (s) => {
        const { target, rules, bindsAt } = made(s);
        const verdict = mayStart(rules, target, at(s.hour));
        if (verdict.allowed || verdict.notBefore === undefined) return;
        expect(mayStart(rules, target, verdict.notBefore).allowed).toBe(true);
        for (let hour = s.hour; at(hour) < verdict.notBefore; hour++)
          expect(bindsAt(hour)).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('stays allowed until the moment that is told, as far as the calendar goes', () => {
    fc.assert(
      fc.property(situation, (s) => {
        const { target, rules, bindsAt } = made({ ...s, placed: [] });
        const verdict = mayStart(rules, target, at(s.hour));
        if (!verdict.allowed || verdict.until === undefined) return;
        expect(mayStart(rules, target, verdict.until).allowed).toBe(false);
        for (let hour = s.hour; at(hour) < verdict.until; hour++) expect(bindsAt(hour)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what runs', () => {
  it('is paused only by what would keep it from starting, and by a stopped line in any case', () => {
    fc.assert(
      fc.property(situation, (s) => {
        const { target, rules, bindsAt } = made(s);
        const stopping = bindsAt(s.hour).filter(
          ({ rule }) =>
            rule === 'stop-the-line' ||
            (s.policy === 'pause' && ['freeze', 'window'].includes(rule)),
        );
        const verdict = whenWindowCloses(rules, target, at(s.hour));
        expect(verdict.goOn).toBe(stopping.length === 0);
        if (!verdict.goOn && verdict.notBefore !== undefined)
          expect(whenWindowCloses(rules, target, verdict.notBefore).goOn).toBe(true);
        if (verdict.goOn && verdict.lookAgainAt !== undefined)
          expect(whenWindowCloses(rules, target, verdict.lookAgainAt).goOn).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
