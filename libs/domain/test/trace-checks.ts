import {
  evolve,
  initialDeployment,
  isActive,
  wakeUpAt,
  type DeploymentFact,
  type DeploymentState,
} from '../src/index.js';
import type { World } from './world.js';

/** A broken invariant, by its number in the reliability contract. */
export class Violation extends Error {
  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
  }
}

function assert(holds: boolean, invariant: string, what: string): void {
  if (!holds) throw new Violation(invariant, what);
}

const ENDS = new Set<string>([
  'deployment.refused',
  'deployment.succeeded',
  'deployment.succeeded-with-failures',
  'deployment.failed',
  'deployment.cancelled',
  'deployment.rolled-back',
  'deployment.rollback-failed',
] satisfies DeploymentFact['type'][]);

/** What a cancelled deployment must not do any more. */
const COMMANDS = new Set<string>([
  'lb.drain.requested',
  'puppet.publish.requested',
  'puppet.run.requested',
  'deployment.host-reserved',
] satisfies DeploymentFact['type'][]);

/** Outcomes, and the intents they must follow. */
const INTENT_OF: Readonly<Partial<Record<DeploymentFact['type'], DeploymentFact['type']>>> = {
  'deployment.host-drained': 'lb.drain.requested',
  'deployment.host-version-published': 'puppet.publish.requested',
  'deployment.host-run-started': 'puppet.run.requested',
  'deployment.host-run-finished': 'puppet.run.requested',
  'deployment.host-verified': 'puppet.run.requested',
  'deployment.host-enabled': 'lb.enable.requested',
};

/** Reads a deployment's trace as it grows, fact by fact, and holds it against the invariants. */
export class TraceChecker {
  private readonly intents = new Set<string>();
  private readonly epochs = new Map<string, number>();
  private readonly wanted = new Map<string, string | undefined>();
  private readonly returning = new Set<string>();
  private end: string | undefined;
  private cancelled = false;
  private rollbacks = 0;

  /** After every input: what was just recorded, and the state of the world. */
  check(world: World, fresh: readonly DeploymentFact[]): void {
    for (const fact of fresh) this.read(world, fact);
    assert(world.fleet.shortages.length === 0, 'I-02', world.fleet.shortages.join(', '));
    this.outIsOwnedOrTold(world);
    for (const [id, runs] of world.fleet.runsOf) {
      assert(runs === 1, 'I-04', `${id} ran ${runs} times`);
      assert(this.intents.has(`puppet.run.requested ${id}`), 'I-04', `${id} was never asked for`);
    }
    somebodyWakes(world);
  }

  private read(world: World, fact: DeploymentFact): void {
    assert(this.end === undefined, 'I-01', `${fact.type} after ${this.end}`);
    if (ENDS.has(fact.type)) this.end = fact.type;
    assert(!(this.cancelled && COMMANDS.has(fact.type)), 'I-10', `${fact.type} after the cancel`);
    this.cancelled ||= fact.type === 'deployment.cancel-requested';
    this.intentComesFirst(fact);
    this.goesBackOnce(world, fact);
    this.wantsWhatItHas(world, fact);
    if (fact.type === 'deployment.host-reserved') this.epochRises(fact.data);
    if (fact.type === 'lb.enable.requested') {
      const works = world.fleet.isHealthy(fact.data.host);
      assert(works, 'proof', `${fact.data.host} is to take traffic, and does not work`);
    }
  }

  /** Who goes back unchanged is not to get the new version from whoever runs Puppet there next. */
  private wantsWhatItHas(world: World, { type, data }: DeploymentFact): void {
    if (type === 'puppet.publish.requested') this.wanted.set(data.host, data.versions[0]?.evr);
    if (type === 'deployment.host-reserved') this.returning.delete(data.host);
    if (type === 'deployment.host-returning') this.returning.add(data.host);
    if (type === 'deployment.host-failed' || type === 'deployment.host-skipped')
      this.isBackWithWhatItWants(world, data.host);
  }

  private isBackWithWhatItWants({ fleet: { options } }: World, host: string): void {
    const wanted = this.wanted.get(host);
    // Where nothing was installed there is nothing that could be wanted instead.
    const isFresh = options.scripts?.[host]?.fresh === true;
    if (wanted === undefined || isFresh || this.cancelled || !this.returning.has(host)) return;
    const { from } = options;
    assert(wanted === from, 'I-08', `${host} is back with ${from}, and is to have ${wanted}`);
  }

  private epochRises({ host, epoch }: { readonly host: string; readonly epoch: number }): void {
    assert(epoch > (this.epochs.get(host) ?? 0), 'I-09', `${host} is owned under an old epoch`);
    this.epochs.set(host, epoch);
  }

  private goesBackOnce(world: World, fact: DeploymentFact): void {
    if (fact.type === 'deployment.rollback-started') this.rollbacks++;
    assert(this.rollbacks < 2, 'I-11', 'a rollback was rolled back');
    if (fact.type !== 'puppet.publish.requested' || this.rollbacks === 0) return;
    const evr = fact.data.versions[0]?.evr;
    assert(evr === world.fleet.options.from, 'I-11', `${fact.data.host} is taken to ${evr}`);
  }

  private intentComesFirst(fact: DeploymentFact): void {
    if (!('requestId' in fact.data)) return;
    const { requestId } = fact.data;
    const intent = INTENT_OF[fact.type];
    if (intent === undefined) this.intents.add(`${fact.type} ${requestId}`);
    else
      assert(this.intents.has(`${intent} ${requestId}`), 'I-12', `${fact.type}, never asked for`);
  }

  private outIsOwnedOrTold({ fleet, state, open }: World): void {
    for (const host of fleet.takenOut) {
      const told = open.includes(`host-out-of-service.${host}`);
      assert(told || isInFlight(state, host), 'I-03', `${host} is out (${state.status})`);
    }
  }
}

/** Whoever awaits anything is woken; only what a person must decide may sleep. */
function somebodyWakes({ state, now }: World): void {
  if (!isActive(state)) return;
  const sleeps = state.status === 'paused' && state.hosts.every((h) => h.turn === undefined);
  assert(sleeps || wakeUpAt(state, now) !== undefined, 'zombie', `nothing wakes ${state.status}`);
}

/** What must hold at the very end. */
export function checkEnd(world: World): void {
  const { state } = world;
  assert(world.ended, 'I-01', `it never ended: ${state.status}`);
  const replayed = world.facts.reduce<DeploymentState>(evolve, initialDeployment);
  assert(JSON.stringify(replayed) === JSON.stringify(state), 'I-05', 'replay differs');
  const failed = 'hosts' in state && state.hosts.some((h) => h.phase.status === 'failed');
  assert(!(failed && state.status === 'succeeded'), 'I-01', 'succeeded with failed hosts');
  toldOfWhatIsWanted(world);
  if (state.status === 'succeeded') {
    const others = world.installed().filter((evr) => evr !== world.target.evr);
    assert(others.length === 0, 'I-08', `succeeded, and ${others.join()} is installed`);
  }
}

/** Puppet brings nothing unproven to a host that serves, or a person is told. */
function toldOfWhatIsWanted({ state, fleet, open, target }: World): void {
  for (const host of fleet.truth.keys()) {
    const told = [
      `version-still-wanted.${target.application}.${host}`,
      `host-out-of-service.${host}`,
    ];
    const isTold = open.some((key) => told.includes(key)) || state.status === 'rollback-failed';
    assert(isTold || !fleet.isToChange(host), 'I-08', `${host} is to change unseen`);
  }
}

function isInFlight(state: DeploymentState, host: string): boolean {
  return 'hosts' in state && state.hosts.some((h) => h.host === host && h.turn !== undefined);
}
