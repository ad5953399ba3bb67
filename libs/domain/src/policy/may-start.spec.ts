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
import {
  bindingAfterOverride,
  holdsThatBind,
  mayStart,
  whenWindowCloses,
  type ChangeTarget,
  type Hold,
  type TimeRules,
} from '../index.js';

const TUESDAY = '2026-03-10T10:00:00.000Z';
const SATURDAY = '2026-03-14T10:00:00.000Z';
const MONDAY_MORNING = '2026-03-16T08:00:00.000Z';

const target: ChangeTarget = {
  application: ApplicationName.parse('shop'),
  environment: EnvironmentName.parse('production'),
  pools: [PoolName.parse('shop-production')],
  evr: Evr.parse('1.5.0-1'),
};
const office = ChangeWindow.parse({
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '09:00',
  to: '17:00',
  timeZone: 'Europe/Amsterdam',
});
const audit = Freeze.parse({
  name: 'audit',
  environments: 'all',
  from: '2026-03-09T00:00',
  to: '2026-03-12T00:00',
  timeZone: 'Europe/Amsterdam',
  reason: 'the auditors are here',
});
let number = 0;
/** A hold of its own, on production until somebody lifts it, unless it says otherwise. */
const hold = (changes: Record<string, unknown> = {}): Hold =>
  HoldPlaced.strict.parse({
    holdId: `0199d0c4-b7c2-7e10-8a44-${String(++number).padStart(12, '0')}`,
    rule: { kind: 'lock' },
    scope: { over: 'environment', environment: 'production' },
    reason: 'the database moves',
    owner: 'u-ann',
    ...changes,
  });
const rules = (
  changes: Partial<TimeRules['calendar']> & Partial<Omit<TimeRules, 'calendar'>> = {},
): TimeRules => {
  const { windows = [], freezes = [], whenWindowCloses: policy = 'finish' } = changes;
  const { holds = [], override } = changes;
  return { calendar: { windows, freezes, whenWindowCloses: policy }, holds, override };
};
const overriding = (...of: readonly string[]): TimeRules['override'] => ({
  ...Override.parse({ of, reason: 'the shop is down' }),
  by: 'u-bob',
});

describe('what a hold lies on', () => {
  it.each([
    [{ over: 'all' }, true],
    [{ over: 'environment', environment: 'production' }, true],
    [{ over: 'environment', environment: 'staging' }, false],
    [{ over: 'application', application: 'shop' }, true],
    [{ over: 'application', application: 'billing' }, false],
    [{ over: 'application-in-environment', application: 'shop', environment: 'production' }, true],
    [{ over: 'application-in-environment', application: 'shop', environment: 'staging' }, false],
    [
      { over: 'application-in-environment', application: 'billing', environment: 'production' },
      false,
    ],
    [{ over: 'pool', pool: 'shop-production' }, true],
    [{ over: 'pool', pool: 'billing-production' }, false],
  ])('%j binds shop in production: %s', (scope, binds) => {
    expect(holdsThatBind([hold({ scope })], target, TUESDAY)).toHaveLength(binds ? 1 : 0);
  });
});

describe('a pin keeps', () => {
  it.each([
    ['1.5', '1.5-1', true],
    ['1.5', '1.5.0-1', true],
    ['1.5', '1.5.0-7.el9', true],
    ['1.5', '1.5^20260101git-1', true],
    ['1.5', '1.50.0-1', false],
    ['1.5', '1.4.9-1', false],
    ['1.5', '1.5~rc1-1', false],
    ['1.5', '2:1.5.1-1', true],
    ['2:1.5', '2:1.5.1-1', true],
    ['2:1.5', '1.5.1-1', false],
    ['0:1.5', '1.5.1-1', true],
    ['1.5.0-1', '1.5.0-1', true],
    ['0:1.5.0-1', '1.5.0-1', true],
    ['1.5.0-1', '1.5.0-2', false],
    ['1.5.0-1', '2:1.5.0-1', false],
  ])('%s keeps %s: %s', (version, evr, keeps) => {
    const pin = hold({ rule: { kind: 'pin', version } });
    const bound = holdsThatBind([pin], { ...target, evr: Evr.parse(evr) }, TUESDAY);
    expect(bound).toHaveLength(keeps ? 0 : 1);
  });

  it('production on 1.4, whoever asks, and says so', () => {
    const pin = hold({
      rule: { kind: 'pin', version: '1.4' },
      scope: { over: 'application-in-environment', application: 'shop', environment: 'production' },
      reason: '1.5 loses carts',
    });
    expect(mayStart(rules({ holds: [pin] }), target, TUESDAY)).toEqual({
      allowed: false,
      id: `hold:${pin.holdId}`,
      rule: 'pin',
      what: 'shop in production stays on 1.4: 1.5 loses carts',
      who: 'u-ann',
      todo: `Wait until it is lifted: ask u-ann to lift it, or override hold:${pin.holdId} with a reason.`,
      others: [],
    });
    expect(
      mayStart(rules({ holds: [pin] }), { ...target, evr: Evr.parse('1.4.3-1') }, TUESDAY),
    ).toEqual({ allowed: true, overridden: [] });
  });

  it('binds when no version is named: whoever asks what holds it is told', () => {
    const { evr: _evr, ...unversioned } = target;
    const pin = hold({ rule: { kind: 'pin', version: '1.5' } });
    expect(holdsThatBind([pin], unversioned, TUESDAY)).toHaveLength(1);
  });
});

describe('a hold that ends', () => {
  const until = '2026-03-10T11:00:00.000Z';
  it.each([
    [TUESDAY, 1],
    ['2026-03-10T10:59:59.999Z', 1],
    [until, 0],
    [SATURDAY, 0],
  ])('at %s', (now, binding) => {
    expect(holdsThatBind([hold({ until })], target, now)).toHaveLength(binding);
  });
});

describe('whether something may start', () => {
  it('may, when nothing holds it back, until the window closes', () => {
    expect(mayStart(rules({ windows: [office] }), target, TUESDAY)).toEqual({
      allowed: true,
      overridden: [],
      until: '2026-03-10T16:00:00.000Z',
    });
  });

  it('tells window, what to do, and when', () => {
    expect(mayStart(rules({ windows: [office] }), target, SATURDAY)).toEqual({
      allowed: false,
      id: 'window:production',
      rule: 'window',
      what: 'production is outside its windows (mon tue wed thu fri 09:00-17:00 Europe/Amsterdam)',
      who: 'the fleet file',
      until: MONDAY_MORNING,
      notBefore: MONDAY_MORNING,
      todo: `Wait until ${MONDAY_MORNING}, or override window:production with a reason.`,
      others: [],
    });
  });

  const kinds = ['pin', 'lock', 'freeze', 'stop-the-line'] as const;
  const oneOfEach = kinds.map((kind) =>
    hold({ rule: kind === 'pin' ? { kind, version: '1.4' } : { kind } }),
  );
  it('tells the most severe first, and all others', () => {
    const verdict = mayStart(
      rules({ windows: [office], freezes: [audit], holds: oneOfEach }),
      target,
      '2026-03-10T20:00:00.000Z',
    );
    if (verdict.allowed) throw new Error('allowed');
    expect([verdict, ...verdict.others].map(({ rule, id }) => [rule, id.split(':')[0]])).toEqual([
      ['stop-the-line', 'hold'],
      ['freeze', 'hold'],
      ['freeze', 'freeze'],
      ['window', 'window'],
      ['lock', 'hold'],
      ['pin', 'hold'],
    ]);
    expect(verdict.notBefore).toBeUndefined();
  });

  it('not before the last of all is over: hold, freeze and window', () => {
    const lock = hold({ until: '2026-03-12T20:00:00.000Z' });
    expect(
      mayStart(rules({ windows: [office], freezes: [audit], holds: [lock] }), target, TUESDAY),
    ).toMatchObject({ rule: 'freeze', notBefore: '2026-03-13T08:00:00.000Z' });
  });
});

describe('an override', () => {
  const lock = hold();
  const both = rules({ windows: [office], holds: [lock] });

  it('overrides what it names and nothing else', () => {
    const one = { ...both, override: overriding(`hold:${lock.holdId}`) };
    expect(mayStart(one, target, SATURDAY)).toMatchObject({ rule: 'window', others: [] });
    const all = { ...both, override: overriding(`hold:${lock.holdId}`, 'window:production') };
    expect(mayStart(all, target, SATURDAY)).toMatchObject({
      allowed: true,
      overridden: [{ rule: 'window' }, { rule: 'lock' }],
    });
  });

  it('of a window leaves the freezes that are to come', () => {
    const late = Freeze.parse({ ...audit, from: '2026-03-15T00:00', to: '2026-03-16T00:00' });
    const free = rules({
      windows: [office],
      freezes: [late],
      override: overriding('window:production'),
    });
    expect(mayStart(free, target, SATURDAY)).toMatchObject({
      allowed: true,
      until: '2026-03-14T23:00:00.000Z',
    });
  });

  it('of a freeze leaves the window: until when, and from when if something else holds it back', () => {
    const free = rules({
      windows: [office],
      freezes: [audit],
      override: overriding('freeze:audit'),
    });
    expect(mayStart(free, target, TUESDAY)).toMatchObject({
      allowed: true,
      overridden: [{ id: 'freeze:audit' }],
      until: '2026-03-10T16:00:00.000Z',
    });
    const lock = hold({ until: '2026-03-10T20:00:00.000Z' });
    expect(mayStart({ ...free, holds: [lock] }, target, TUESDAY)).toMatchObject({
      rule: 'lock',
      notBefore: '2026-03-11T08:00:00.000Z',
    });
  });

  it('of one freeze is none of another, nor of the window of another environment', () => {
    const other = Freeze.parse({ ...audit, name: 'sale' });
    const named = overriding('freeze:audit', 'window:staging');
    const verdict = mayStart(
      rules({ freezes: [audit, other], windows: [office], override: named }),
      target,
      '2026-03-10T20:00:00.000Z',
    );
    expect(verdict).toMatchObject({
      allowed: false,
      id: 'freeze:sale',
      others: [{ id: 'window:production' }],
    });
  });

  it('tells the names that met nothing', () => {
    const bindings = holdsThatBind([lock], target, TUESDAY);
    expect(bindingAfterOverride(bindings, overriding('freeze:audit'))).toMatchObject({
      binding: bindings,
      overridden: [],
      unmet: ['freeze:audit'],
    });
    expect(bindingAfterOverride(bindings, undefined)).toEqual({
      binding: bindings,
      overridden: [],
      unmet: [],
    });
  });
});

describe('what runs when its window closes', () => {
  const EVENING = '2026-03-10T16:00:00.000Z';
  const closing = (policy: 'finish' | 'pause', holds: readonly Hold[] = []): TimeRules =>
    rules({ windows: [office], whenWindowCloses: policy, holds });

  it('finishes, or pauses until it opens, as the environment says', () => {
    expect(whenWindowCloses(closing('finish'), target, EVENING)).toEqual({ goOn: true });
    expect(whenWindowCloses(closing('pause'), target, EVENING)).toMatchObject({
      goOn: false,
      rule: 'window',
      notBefore: '2026-03-11T08:00:00.000Z',
    });
  });

  it('that pauses wants to be asked again when the window closes', () => {
    expect(whenWindowCloses(closing('pause'), target, TUESDAY)).toEqual({
      goOn: true,
      lookAgainAt: EVENING,
    });
    expect(whenWindowCloses(closing('finish'), target, TUESDAY)).toEqual({ goOn: true });
  });

  it.each([
    ['stop-the-line', 'finish', false],
    ['stop-the-line', 'pause', false],
    ['freeze', 'finish', true],
    ['freeze', 'pause', false],
    ['lock', 'finish', true],
    ['lock', 'pause', true],
    ['pin', 'pause', true],
  ] as const)('a %s placed meanwhile, where it says %s: goes on %s', (kind, policy, goesOn) => {
    const placed = hold({ rule: kind === 'pin' ? { kind, version: '1.4' } : { kind } });
    expect(whenWindowCloses(closing(policy, [placed]), target, TUESDAY).goOn).toBe(goesOn);
  });

  it('stopped with the line, it goes on when that ends: out of its window only where it may finish', () => {
    const stop = hold({ rule: { kind: 'stop-the-line' }, until: SATURDAY });
    expect(whenWindowCloses(closing('finish', [stop]), target, TUESDAY)).toMatchObject({
      notBefore: SATURDAY,
    });
    expect(whenWindowCloses(closing('pause', [stop]), target, TUESDAY)).toMatchObject({
      notBefore: MONDAY_MORNING,
    });
  });

  it('an override that let it start lets it go on', () => {
    const started = { ...closing('pause'), override: overriding('window:production') };
    expect(whenWindowCloses(started, target, SATURDAY)).toEqual({ goOn: true });
  });
});
