import fc from 'fast-check';
import type { DeploymentTarget, HostAction } from '@gantry/contracts';
import type { HostScript } from './model-fleet.js';
import { TraceChecker } from './trace-checks.js';
import { World, type Action, type WorldOptions } from './world.js';

type Strategy = DeploymentTarget['strategy'];

const lists = <T>(...values: readonly T[]) =>
  fc.array(fc.constantFrom(...values), { maxLength: 4 });

/** A host that may do anything wrong, a few times. */
const host: fc.Arbitrary<HostScript> = fc.record(
  {
    survey: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'silent', 'asked-twice', 'disabled'),
    runs: lists(
      'converges',
      'fails',
      'busy',
      'disabled',
      'server-unreachable',
      'interrupted',
      'lost',
      'hangs',
      'lies',
    ),
    drains: lists('ok', 'timeout', 'unreachable', 'left-out', 'lost'),
    enables: lists('ok', 'unhealthy', 'unreachable', 'lost'),
    publishes: lists('ok', 'fails', 'lost'),
    healthy: fc.boolean(),
    healthyBack: fc.boolean(),
    startsOut: fc.boolean(),
    fresh: fc.boolean(),
  },
  { requiredKeys: [] },
);

const strategy: fc.Arbitrary<Partial<Strategy>> = fc.record(
  {
    canary: fc.record({ hosts: fc.nat(2), bakeMs: fc.constantFrom(0, 30_000) }),
    maxOutOfService: fc.integer({ min: 1, max: 3 }),
    maxUnavailablePercent: fc.constantFrom(34, 50, 100),
    minPercent: fc.constantFrom(0, 34, 50, 60),
    failureBudget: fc.nat(2),
    onFailure: fc.constantFrom('pause', 'rollback'),
  },
  { requiredKeys: [] },
);

/** A whole world gone wrong: who is in it, and in which order things happen to it. */
export interface Chaos {
  readonly options: WorldOptions;
  readonly schedule: readonly number[];
}

/** Worlds with anything in them. `guarded` = the load balancer has the last word on capacity, and foreign members come and go. */
export function chaos({ guarded }: { readonly guarded: boolean }): fc.Arbitrary<Chaos> {
  const hosts = fc.integer({ min: 2, max: 5 });
  const world = hosts.chain((n) =>
    fc.record({
      options: fc.record({
        hosts: fc.constant(n),
        strategy,
        pools: fc.constantFrom([], ['shop'], ['shop'], ['shop', 'wide']),
        foreign: fc.integer({ min: 1, max: 2 }),
        guarded: fc.constant(guarded),
        scripts: fc
          .array(fc.option(host, { freq: 2, nil: {} }), { minLength: n, maxLength: n })
          .map((list) => Object.fromEntries(list.map((s, i) => [`web${i + 1}.lab`, s]))),
      }),
      schedule: fc.array(fc.nat(999_999), { maxLength: 250, size: 'max' }),
    }),
  );
  // Small and empty is where most things go well: every value is to come as often as any other.
  return fc.noBias(world);
}

/** A world that checks itself after everything that happens to it. */
export class CheckedWorld extends World {
  private readonly checker = new TraceChecker();

  override give(...args: Parameters<World['give']>): ReturnType<World['give']> {
    const known = this.facts.length;
    const decision = super.give(...args);
    this.checker.check(this, this.facts.slice(known));
    return decision;
  }
}

const ACCEPT = ['host-unreachable', 'puppet-disabled', 'downgrade', 'no-way-back'];

/** Plays the schedule, then lets everything go well until the deployment has ended. */
export function play({ options, schedule }: Chaos): World {
  const world = new CheckedWorld(options);
  world.request({}, { accept: ACCEPT });
  const [first = 0] = schedule;
  if (first % 5 > 0) world.until(() => world.state.status !== 'requested');
  for (const number of schedule) happen(world, number);
  calm(world);
  return world;
}

type Wish = (world: World, which: number) => void;
const wish =
  (action: Action): Wish =>
  (world) =>
    void world.command(action);
const onSomeHost =
  (action: HostAction): Wish =>
  (world, which) =>
    void world.onHost(action, `web${(which % 5) + 1}.lab`);
const otherLimits: Wish = (world, which) =>
  void world.limits({ maxOutOfService: (which % 4) + 1, failureBudget: which % 3 });

/** What people want, as often as they want it. */
const WISHES: readonly Wish[] = [
  ...[wish('pause'), wish('pause'), wish('pause')],
  ...[wish('resume'), wish('resume'), wish('resume'), wish('resume')],
  ...[wish('rollback'), wish('rollback'), wish('cancel')],
  ...[onSomeHost('retry'), onSomeHost('retry'), onSomeHost('retry'), onSomeHost('skip')],
  otherLimits,
];

/** One number, one thing that happens: the first entry whose share of a hundred it falls into. */
function happen(world: World, number: number): void {
  const which = Math.floor(number / 100);
  const answer = which % Math.max(1, world.answers.length);
  const happenings: readonly (readonly [upTo: number, () => void])[] = [
    [40, () => world.deliver(answer)],
    [70, () => world.carryOut()],
    [76, () => repeat(world, answer)],
    [80, () => world.answers.splice(answer, 1)],
    [90, () => world.passTime()],
    [95, () => rest(world, which % 60_000)],
    [98, () => comeAndGo(world, which)],
    [100, () => WISHES[which % WISHES.length]?.(world, which)],
  ];
  happenings.find(([upTo]) => number % 100 < upTo)?.[1]();
}

function repeat(world: World, index: number): void {
  const answer = world.answers[index];
  if (answer !== undefined) world.give(answer);
}

function rest(world: World, ms: number): void {
  world.nowMs += ms;
  world.give({ type: 'tick' });
}

/** Somebody else's member goes down or comes up. */
function comeAndGo(world: World, which: number): void {
  if (world.fleet.options.guarded !== true) return;
  for (const members of world.fleet.inService.values()) {
    const name = `other${(which % 2) + 1}`;
    if (!world.fleet.membersOf().includes(name)) continue;
    if (!members.delete(name)) members.add(name);
  }
}

/** The world answers everything from now on; people resume twice, and cancel what still waits for them then. */
function calm(world: World): void {
  world.fleet.kind = true;
  for (const members of world.fleet.inService.values())
    for (const m of world.fleet.membersOf()) if (m.startsWith('other')) members.add(m);
  for (const action of ['resume', 'resume', 'cancel'] as const) {
    world.settle(400);
    if (world.ended) return;
    world.command(action);
  }
  world.settle(400);
}
