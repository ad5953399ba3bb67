import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { World } from '../../test/world.js';
import { isAutomation } from '../index.js';

const RUNS = Number(process.env['GANTRY_PROPERTY_RUNS'] ?? 150);
const PEOPLE = ['anna', 'bob', 'carol', 'dave', 'ci', 'verifier'] as const;
const GROUP = ['bob', 'carol', 'anna', 'ci'];

const act = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('approve' as const),
      by: fc.constantFrom(...PEOPLE),
      plan: fc.constantFrom('now', 'now', 'now', 'first', 'wrong'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('reject' as const, 'cancel' as const, 'withdraw' as const),
      // Most of the time somebody only thinks of it.
      really: fc.nat(9).map((n) => n === 0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('host-changes' as const), to: fc.nat(5) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.nat(10_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('outage' as const), ms: fc.nat(10_000) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('step' as const), times: fc.nat(12) }) },
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

function approve(world: World, one: Extract<Act, { kind: 'approve' }>, grouped: boolean): void {
  const first = world.of('deployment.planned')[0]?.data.planHash ?? world.planHash;
  const planHash = { now: world.planHash, first, wrong: 'e'.repeat(64) }[one.plan];
  world.approval('approve', one.by, { planHash, ...(grouped ? { members: GROUP } : {}) });
}

function take(world: World, one: Act, grouped: boolean): void {
  switch (one.kind) {
    case 'approve':
      approve(world, one, grouped);
      return;
    case 'reject':
      if (one.really) world.approval('reject', 'dave', grouped ? { members: GROUP } : {});
      return;
    case 'cancel':
      if (one.really) world.command('cancel');
      return;
    case 'withdraw':
      if (one.really) world.withdraw('superseded');
      return;
    case 'host-changes': {
      const host = world.fleet.truth.get('web1.lab');
      if (host !== undefined && world.count('deployment.started') === 0)
        host.installed = `0.${one.to}.0-1`;
      return;
    }
    case 'time':
      world.nowMs += one.ms;
      world.give({ type: 'tick' });
      return;
    case 'outage':
      world.outage(one.ms);
      return;
    case 'step':
      for (let i = 0; i < one.times; i++) if (!world.deliver()) world.carryOut();
  }
}

/** What was agreed to when the rollout began: by whom, to which plan, and until when it counted. */
function atStart(world: World) {
  const start = world.facts.findIndex(({ type }) => type === 'deployment.started');
  const before = world.facts.slice(0, start);
  const asked = before.filter((f) => f.type === 'deployment.approval-requested').at(-1);
  const plan = before.filter((f) => f.type === 'deployment.planned').at(-1);
  if (start < 0 || asked === undefined || plan === undefined) return undefined;
  const since = before.lastIndexOf(asked);
  const consents = before.slice(since).filter((f) => f.type === 'deployment.approved');
  return { consents, planHash: plan.data.planHash, asked, at: world.facts[start]?.at ?? '' };
}

describe('a deployment that needs approval', () => {
  it('never begins without a quorum of others for this very plan, in time', () => {
    let begun = 0;
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 5, maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.boolean(),
        (acts, quorum, grouped, planned) => {
          const world = new World({ hosts: 2, approval: { quorum, expiresAfterMs: 60_000 } });
          world.request();
          if (planned) world.until(() => world.state.status === 'awaiting-approval');
          for (const one of acts) take(world, one, grouped);
          if (world.count('deployment.started') === 0) {
            expect(world.count('deployment.host-reserved')).toBe(0);
            return;
          }
          begun++;
          const start = atStart(world);
          if (start === undefined) throw new Error('it began without having asked');
          const by = new Set(start.consents.map((c) => c.data.by as string));
          expect(by.size).toBeGreaterThanOrEqual(quorum);
          for (const person of by) {
            expect(person).not.toBe('anna');
            expect(isAutomation(person)).toBe(false);
            if (grouped) expect(GROUP).toContain(person);
          }
          for (const c of start.consents) expect(c.data.planHash).toBe(start.planHash);
          expect(start.asked.data.planHash).toBe(start.planHash);
          expect(Date.parse(start.at)).toBeLessThan(Date.parse(start.asked.data.expiresAt));
        },
      ),
      { numRuns: RUNS * 2 },
    );
    expect(begun).toBeGreaterThan(0);
  });
});
