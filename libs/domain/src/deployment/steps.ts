import type {
  Certname,
  DeploymentTarget,
  Direction,
  FromVersion,
  HostStep,
  PinnedPackage,
  RequestId,
  WantedPackage,
} from '@gantry/contracts';
import { minInService } from '../policy/capacity.js';
import type { Draft } from './draft.js';
import type { DeploymentHost, HostsAsked, Pending, Rollout, Surveying, Turn } from './state.js';
import { SURVEY_MS } from './timing.js';

/** A host in flight. */
export type HostInFlight = DeploymentHost & { readonly turn: Turn };

const LETTERS: Readonly<Record<HostStep, string>> = {
  reserve: 'r',
  drain: 'd',
  publish: 'w',
  run: 'p',
  verify: 'v',
  enable: 'e',
};

/** `<deployment>-<host index>-<attempt><step><n>`: the same on every replay, unique for every new request. */
function requestIdOf(draft: Draft, host: HostInFlight, step: HostStep): RequestId {
  const n = (host.turn.requests[step] ?? 0) + 1;
  return `${draft.id}-${host.index}-${host.turn.attempt}${LETTERS[step]}${n}` as RequestId;
}

/** The version the host is being taken to, per package; undefined = there is nothing to go back to. */
export function wantedOf(
  rollout: Rollout,
  host: DeploymentHost,
  direction: Direction,
): readonly PinnedPackage[] | undefined {
  const { packages } = rollout.target;
  return direction === 'forward' ? packages : atVersions(packages, host.from);
}

/**
 * What a host that goes back unchanged has: by the word of its run that did not start, or else as it was when the plan was made. Another
 * application's run may have brought something else meanwhile.
 */
export function whatItHas(
  { target: { packages } }: Rollout,
  { from, turn }: HostInFlight,
): readonly PinnedPackage[] | undefined {
  const told = turn.run?.after ?? [];
  const now = from.map((f) => told.find((t) => t.name === f.name) ?? f);
  return atVersions(packages, now);
}

/** Undefined when one of them has none. */
function atVersions(
  packages: readonly PinnedPackage[],
  versions: readonly FromVersion[],
): readonly PinnedPackage[] | undefined {
  const there = packages.map((p) => ({
    ...p,
    evr: versions.find((v) => v.name === p.name)?.evr ?? undefined,
  }));
  return there.every((p): p is PinnedPackage => p.evr !== undefined) ? there : undefined;
}

/** Asks lb-controller to take the host out, or goes on at once when it is in no pool. */
export function requestDrain(draft: Draft, host: HostInFlight, again?: Pending): void {
  const rollout = draft.rollout();
  if (rollout === undefined) return;
  if (host.memberships.length === 0) {
    requestPublish(draft, host);
    return;
  }
  const { strategy, pools } = rollout.target;
  draft.emit('lb.drain.requested', {
    requestId: again?.requestId ?? requestIdOf(draft, host, 'drain'),
    host: host.host,
    epoch: host.turn.epoch,
    memberships: host.memberships.map((m) => ({
      ...m,
      minInService: minInService(strategy, pools.find((p) => p.pool === m.pool)?.size ?? 1),
    })),
    ...strategy.drain,
  });
}

/** Has the wanted version put beside every Puppet server of the host, before any run; for a host that goes back unchanged, what it has. */
export function requestPublish(draft: Draft, host: HostInFlight, again?: Pending): void {
  const rollout = draft.rollout();
  const { direction, returning } = host.turn;
  const wanted =
    rollout &&
    (returning === undefined ? wantedOf(rollout, host, direction) : whatItHas(rollout, host));
  if (rollout === undefined || wanted === undefined) return;
  draft.emit('puppet.publish.requested', {
    requestId: again?.requestId ?? requestIdOf(draft, host, 'publish'),
    host: host.host,
    epoch: host.turn.epoch,
    seq: draft.number(),
    versions: wanted.map(({ hieraKey, name, evr }) => ({ hieraKey, name, evr })),
    servers: rollout.target.puppetServers.map((s) => s.server),
  });
}

/** Triggers the run on the host; a request sent again keeps its id, so that the host never runs twice for it. */
export function requestRun(draft: Draft, host: HostInFlight): void {
  const rollout = draft.rollout();
  const wanted = rollout && wantedOf(rollout, host, host.turn.direction);
  if (rollout === undefined || wanted === undefined) return;
  const { strategy, health } = rollout.target;
  draft.emit('puppet.run.requested', {
    requestId: requestIdOf(draft, host, 'run'),
    host: host.host,
    epoch: host.turn.epoch,
    seq: draft.number(),
    noop: false,
    wanted: wanted.map((p): WantedPackage => wantedPackage(p, host.turn.direction === 'forward')),
    health,
    runTimeoutMs: strategy.run.timeoutMs,
    waitForLockMs: strategy.run.waitForLockMs,
    expiresInMs: RUN_EXPIRES_MS,
  });
}

/** The pinned checksum is that of the new build only. */
const wantedPackage = ({ name, evr, sha256 }: PinnedPackage, forward: boolean): WantedPackage =>
  forward ? { name, evr, sha256 } : { name, evr };

/** How long a host may take a run command; later it refuses it. Hosts allow at most twice this. */
const RUN_EXPIRES_MS = 60_000;

/** Asks the host's journal what became of its run. */
export function requestQuery(draft: Draft, host: HostInFlight, commandId: RequestId): void {
  draft.emit('puppet.query.requested', {
    requestId: `${commandId}q${host.turn.queries + 1}` as RequestId,
    commandId,
    host: host.host,
    epoch: host.turn.epoch,
    seq: draft.number(),
  });
}

/** Asks lb-controller to put the host back, or ends its turn at once when it is in no pool. */
export function requestEnable(draft: Draft, host: HostInFlight, again?: Pending): void {
  const rollout = draft.rollout();
  if (rollout === undefined || host.memberships.length === 0) return;
  draft.emit('lb.enable.requested', {
    requestId: again?.requestId ?? requestIdOf(draft, host, 'enable'),
    host: host.host,
    epoch: host.turn.epoch,
    memberships: [...host.memberships],
    timeoutMs: rollout.target.strategy.enableTimeoutMs,
  });
}

/** Asks hosts what they have installed and whether Puppet may run there. */
export function requestHostSurvey(
  draft: Draft,
  target: DeploymentTarget,
  requestId = `${draft.id}-f` as RequestId,
): void {
  askHosts(draft, target, {
    requestId,
    seq: draft.number(),
    hosts: target.hosts.map((h) => h.host),
  });
}

/** The same question once more, to those that have not answered it. */
export function repeatHostSurvey(
  draft: Draft,
  { target, hostsAsked: { requestId, seq } }: Surveying & { readonly hostsAsked: HostsAsked },
  hosts: readonly Certname[],
): void {
  askHosts(draft, target, { requestId, seq, hosts });
}

function askHosts(
  draft: Draft,
  target: DeploymentTarget,
  { hosts, ...question }: { requestId: RequestId; seq: number; hosts: readonly Certname[] },
): void {
  draft.emit('puppet.survey.requested', {
    ...question,
    hosts: [...hosts],
    packages: target.packages.map((p) => p.name),
    expiresInMs: SURVEY_MS,
  });
}

/** Reads the pools again. A reading that is late is asked for under its id again: whichever answer comes first counts. */
export function requestPoolSurvey(draft: Draft, { anew = false } = {}): void {
  const state = draft.active();
  if (state === undefined || state.target.pools.length === 0) return;
  const { poolsAsked } = state;
  const late = poolsAsked?.answered === false && !anew ? poolsAsked.requestId : undefined;
  draft.emit('lb.survey.requested', {
    requestId: late ?? (`${draft.id}-s${draft.number()}` as RequestId),
    pools: state.target.pools.map(({ pool, device, backend }) => ({ pool, device, backend })),
  });
}
