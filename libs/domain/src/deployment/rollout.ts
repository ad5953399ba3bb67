import type { Direction, PoolSnapshot } from '@gantry/contracts';
import { freePlaces, maxOut, type CapacityRule } from '../policy/capacity.js';
import { plusMs, reached, toMs } from '../time.js';
import type { Admission } from './admission.js';
import { isInFlight, type DeploymentHost, type Rollout } from './state.js';

/** A reading older than this does not decide who leaves service. */
export const POOLS_FRESH_MS = 5_000;

/** What the sliding window says now: who may start, or why nobody may. */
export type NextHost =
  | { readonly kind: 'start'; readonly host: DeploymentHost }
  | { readonly kind: 'read-pools' }
  | { readonly kind: 'wait'; readonly because: string; readonly until: string | undefined };

const wait = (because: string, until?: string): NextHost => ({ kind: 'wait', because, until });

/**
 * The next host of the window. No barriers: as soon as one is done the next may start, while the canaries have gone first
 * and baked, no more are out than the strategy allows, every pool keeps its minimum by its real state, and no Puppet server
 * has more runs than it takes. Hosts that are out already go first and need no place.
 */
export function nextHost(rollout: Rollout, admission: Admission, now: string): NextHost {
  const queued = rollout.hosts.filter((h) => h.phase.status === 'queued');
  const ready = queued.filter((h) => isDue(h, now) && !admission.claimed.has(h.host));
  if (ready.length === 0) return wait('no host is ready for its turn');
  if (!serversHaveRoom(rollout, admission)) return wait('the Puppet servers have no free run');
  const canary = canaryGate(rollout, ready, now);
  if ('kind' in canary) return canary;
  return firstThatMay(rollout, outFirst(canary.hosts, rollout.pools), admission, now);
}

/** The first of the candidates whom the limits and the pools let go; stale readings decide nothing. */
function firstThatMay(
  rollout: Rollout,
  candidates: readonly DeploymentHost[],
  admission: Admission,
  now: string,
): NextHost {
  const fresh = toMs(now) - toMs(rollout.poolsAt) <= POOLS_FRESH_MS;
  const allowed = candidates.filter((h) => !tooManyOut(rollout, h));
  if (allowed.length === 0) return wait('as many are out as may be');
  for (const host of allowed) {
    if (isShownOut(host, rollout.pools)) return { kind: 'start', host };
    if (!fresh) return { kind: 'read-pools' };
    if (hasFreePlaces(rollout, host, admission)) return { kind: 'start', host };
  }
  return fresh ? wait('every place that may be out is taken') : { kind: 'read-pools' };
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
  const open = canaries.filter((h) => h.endedAt === undefined && h.phase.status !== 'skipped');
  if (open.length > 0) {
    const turn = ready.filter((h) => h.canary);
    return turn.length > 0 ? { hosts: turn } : wait('the canary goes first');
  }
  const lastEnd = canaries
    .flatMap((h) => h.endedAt ?? [])
    .sort()
    .at(-1);
  const baked =
    lastEnd === undefined ? now : plusMs(lastEnd, rollout.target.strategy.canary.bakeMs);
  return reached(baked, now) ? { hosts: ready } : wait('the canary bakes', baked);
}

function outFirst(
  hosts: readonly DeploymentHost[],
  pools: readonly PoolSnapshot[],
): readonly DeploymentHost[] {
  return [...hosts].sort(
    (a, b) => Number(isShownOut(b, pools)) - Number(isShownOut(a, pools)) || a.index - b.index,
  );
}

/** Whether the last readings show the host in service nowhere: turning it takes nothing away. */
export function isShownOut(host: DeploymentHost, pools: readonly PoolSnapshot[]): boolean {
  return host.memberships.every((m) => {
    const member = pools.find((p) => p.pool === m.pool)?.members.find((x) => x.member === m.member);
    return member !== undefined && !member.inService;
  });
}

/** In flight or left out by us; a host that is out itself is not in its own way. */
function tooManyOut(rollout: Rollout, host: DeploymentHost): boolean {
  const others = rollout.hosts.filter((h) => h.host !== host.host);
  const inFlight = others.filter(isInFlight).length;
  const leftOut = others.filter((h) => !isInFlight(h) && h.out).length;
  const limit = limitOf(rollout, host);
  return host.out || isShownOut(host, rollout.pools)
    ? inFlight >= Math.max(1, limit)
    : inFlight + leftOut >= limit;
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
function hasFreePlaces(rollout: Rollout, host: DeploymentHost, admission: Admission): boolean {
  return host.memberships.every((m) => {
    const pool = rollout.pools.find((p) => p.pool === m.pool);
    const target = rollout.target.pools.find((p) => p.pool === m.pool);
    if (pool === undefined || target === undefined) return false;
    const shownIn = new Set(pool.members.filter((x) => x.inService).map((x) => x.member));
    const held = new Set([
      ...(admission.heldInPools.get(m.pool) ?? []),
      ...ownMembersInFlight(rollout, m.pool),
    ]);
    const reserved = [...held].filter((member) => shownIn.has(member)).length;
    return (
      freePlaces(ruleOf(rollout), { size: target.size, inService: shownIn.size, reserved }) >= 1
    );
  });
}

function ownMembersInFlight(rollout: Rollout, pool: string): readonly string[] {
  return rollout.hosts
    .filter(isInFlight)
    .flatMap((h) => h.memberships.filter((m) => m.pool === pool).map((m) => m.member));
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

/** The direction new turns take. */
export const directionOf = (rollout: Rollout): Direction => rollout.direction;
