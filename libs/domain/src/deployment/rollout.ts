import { freePlaces, maxOut, type CapacityRule } from '../policy/capacity.js';
import type { Meta } from '../decision.js';
import { latest, plusMs, reached, toMs } from '../time.js';
import type { Admission } from './admission.js';
import { isLeftOut, ownMembersGone, standsOut } from './standing.js';
import { isInFlight, type DeploymentHost, type Rollout } from './state.js';
import { PATIENCE_MS } from './timing.js';

/** A reading asked for longer ago than this does not decide who leaves service. */
export const POOLS_FRESH_MS = 10_000;

/**
 * What the sliding window says now: who may start, or why nobody may. `stuck` = nothing is in flight, and waiting alone
 * changes nothing: hosts that this deployment left out keep the others from going, or its way back has no place for long.
 */
export type NextHost =
  | { readonly kind: 'start'; readonly host: DeploymentHost }
  | { readonly kind: 'read-pools' }
  | { readonly kind: 'wait'; readonly because: string }
  | { readonly kind: 'stuck'; readonly leftOut: readonly DeploymentHost[] };

type When = Pick<Meta, 'now' | 'heardSince'>;

const wait = (because: string): NextHost => ({ kind: 'wait', because });

/**
 * The next host of the window. No barriers: as soon as one is done the next may start, while the canaries have gone first
 * and baked, no more are out than the strategy allows, every pool keeps its minimum by its real state, and no Puppet server
 * has more runs than it takes. Hosts that are out already go first and need no place.
 */
export function nextHost(rollout: Rollout, admission: Admission, when: When): NextHost {
  const { now } = when;
  const queued = rollout.hosts.filter((h) => h.phase.status === 'queued');
  const ready = queued.filter((h) => isDue(h, now) && !admission.claimed.has(h.host));
  if (ready.length === 0) return wait('no host is ready for its turn');
  if (!serversHaveRoom(rollout, admission)) return wait('the Puppet servers have no free run');
  const canary = canaryGate(rollout, ready, now);
  if ('kind' in canary) return canary;
  return firstThatMay(rollout, outFirst(canary.hosts, rollout), admission, when);
}

/** The first of the candidates whom the limits and the pools let go; stale readings decide nothing. */
function firstThatMay(
  rollout: Rollout,
  candidates: readonly DeploymentHost[],
  admission: Admission,
  when: When,
): NextHost {
  const fresh = toMs(when.now) - toMs(rollout.poolsAt) <= POOLS_FRESH_MS;
  const allowed = candidates.filter((h) => !tooManyOut(rollout, h));
  if (allowed.length === 0 && anyInFlight(rollout)) return wait('as many are out as may be');
  for (const host of allowed) {
    if (host.memberships.length > 0 && !fresh) return { kind: 'read-pools' };
    if (costsNothing(rollout, host, admission) || hasFreePlaces(rollout, host, admission))
      return { kind: 'start', host };
  }
  return fresh ? nobodyMay(rollout, admission, when) : { kind: 'read-pools' };
}

/** Nobody fits in: does it help to wait? On the way back nobody is asked, so that patience ends by itself. */
function nobodyMay(rollout: Rollout, admission: Admission, { now, heardSince }: When): NextHost {
  const waiting = wait('every place that may be out is taken');
  const others = rollout.target.pools.some((p) => admission.heldInPools.has(p.pool));
  if (others || anyInFlight(rollout)) return waiting;
  const leftOut = rollout.hosts.filter((h) => isLeftOut(h, rollout) && h.phase.status !== 'queued');
  const impatient =
    rollout.direction === 'back' &&
    reached(plusMs(latest(rollout.movedAt, heardSince), PATIENCE_MS), now);
  return leftOut.length > 0 || impatient ? { kind: 'stuck', leftOut } : waiting;
}

const isDue = (host: DeploymentHost, now: string): boolean =>
  host.phase.status === 'queued' &&
  (host.phase.notBefore === undefined || reached(host.phase.notBefore, now));

/** The hosts the canary rule lets through now, or why it lets none. */
function canaryGate(
  rollout: Rollout,
  ready: readonly DeploymentHost[],
  now: string,
): { readonly hosts: readonly DeploymentHost[] } | NextHost {
  const canaries = rollout.hosts.filter((h) => h.canary);
  if (rollout.direction === 'back' || canaries.length === 0) return { hosts: ready };
  if (canaries.some((h) => h.endedAt === undefined)) {
    const turn = ready.filter((h) => h.canary);
    return turn.length > 0 ? { hosts: turn } : wait('the canary goes first');
  }
  return bakedAt(rollout).every((at) => reached(at, now))
    ? { hosts: ready }
    : wait('the canary bakes');
}

/** When each canary that has ended is baked. */
export const bakedAt = ({ hosts, target }: Rollout): readonly string[] =>
  hosts.flatMap((h) =>
    h.canary && h.endedAt !== undefined ? plusMs(h.endedAt, target.strategy.canary.bakeMs) : [],
  );

const outFirst = (hosts: readonly DeploymentHost[], rollout: Rollout): readonly DeploymentHost[] =>
  [...hosts].sort(
    (a, b) => Number(standsOut(b, rollout)) - Number(standsOut(a, rollout)) || a.index - b.index,
  );

/** In flight or left out by us and not accepted by a person; a host that is out itself is not in its own way. */
function tooManyOut(rollout: Rollout, host: DeploymentHost): boolean {
  const others = rollout.hosts.filter((h) => h.host !== host.host);
  const inFlight = others.filter(isInFlight).length;
  const limit = limitOf(rollout, host);
  if (standsOut(host, rollout)) return inFlight >= Math.max(1, limit);
  const leftOut = others.filter((h) => isLeftOut(h, rollout)).length;
  return inFlight + Math.max(0, leftOut - rollout.acceptedOut) >= limit;
}

/** The rule of the rollout; on the way back the same limits hold. */
export const ruleOf = (rollout: Pick<Rollout, 'target'>): CapacityRule => ({
  absoluteMin: rollout.target.strategy.absoluteMin,
  minPercent: rollout.target.strategy.minPercent,
  maxUnavailablePercent: rollout.target.strategy.maxUnavailablePercent,
  maxParallel: rollout.target.strategy.maxOutOfService,
});

function limitOf(rollout: Rollout, host: DeploymentHost): number {
  const rule = ruleOf(rollout);
  const sizes = host.memberships.map(
    (m) => rollout.target.pools.find((p) => p.pool === m.pool)?.size ?? 1,
  );
  return Math.min(rule.maxParallel, ...sizes.map((size) => maxOut(rule, size)));
}

/** A host in k pools needs a place in all k at once. */
/**
 * Whether taking the host takes nothing away: it is out already. While others work in its pools a reading does not say so for
 * long: one of them may have put the host back since, and be about to take the next.
 */
const costsNothing = (rollout: Rollout, host: DeploymentHost, admission: Admission): boolean =>
  standsOut(host, rollout) && host.memberships.every((m) => !admission.heldInPools.has(m.pool));

function hasFreePlaces(rollout: Rollout, host: DeploymentHost, admission: Admission): boolean {
  return host.memberships.every((m) => {
    const pool = rollout.pools.find((p) => p.pool === m.pool);
    const target = rollout.target.pools.find((p) => p.pool === m.pool);
    if (pool === undefined || target === undefined) return false;
    const shownIn = new Set(pool.members.filter((x) => x.inService).map((x) => x.member));
    const gone = new Set([
      ...(admission.heldInPools.get(m.pool) ?? []),
      ...ownMembersGone(rollout, m.pool),
    ]);
    const reserved = [...gone].filter((member) => shownIn.has(member)).length;
    return (
      freePlaces(ruleOf(rollout), { size: target.size, inService: shownIn.size, reserved }) >= 1
    );
  });
}

function serversHaveRoom(rollout: Rollout, admission: Admission): boolean {
  const own = rollout.hosts.filter(isInFlight).length;
  return rollout.target.puppetServers.every(
    (s) => own + (admission.runsOn.get(s.server) ?? 0) < s.maxConcurrentRuns,
  );
}

/** Whether every host's turn is over for this direction. */
export const allEnded = (rollout: Rollout): boolean =>
  rollout.hosts.every((h) => ['done', 'failed', 'skipped'].includes(h.phase.status));

/** Whether anything is still in flight. */
export const anyInFlight = (rollout: Rollout): boolean => rollout.hosts.some(isInFlight);
