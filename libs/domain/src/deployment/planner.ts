import type {
  DeploymentPlan,
  Finding,
  PlannedHost,
  PlannedPool,
  PoolSnapshot,
} from '@gantry/contracts';
import { compareEvr } from '../rpm-version/compare-evr.js';
import { batchSize, maxOut, minInService, type CapacityRule } from '../policy/capacity.js';
import type { Surveying, SurveyedHost } from './state.js';
import { clip } from '../text.js';
import { packageFindings } from './package-findings.js';
import { ruleOf } from './rollout.js';

const MAX_MESSAGE = 1_000;

/** Everything a plan is made of: the target, what hosts answered, what pools showed. Pure. */
export function planOf(state: Surveying): DeploymentPlan {
  const pools = state.target.pools.map((p) => plannedPool(state, p));
  const ordered = order(state);
  // A host that will be skipped is no canary: somebody has to go first who really goes.
  const goes = ordered.filter((name) => willGo(state, name));
  const canaries = new Set(goes.slice(0, state.target.strategy.canary.hosts));
  const hosts = ordered.map((name): PlannedHost => ({
    host: name,
    from: state.target.packages.map((p) => ({
      name: p.name,
      evr: installedOf(state.surveyed[name], p.name),
    })),
    action: isThere(state, name) ? 'already-there' : 'deploy',
    canary: canaries.has(name),
  }));
  return {
    hosts,
    pools,
    findings: [
      ...hostFindings(state),
      ...versionFindings(state, hosts),
      ...packageFindings(state.target.packages, hosts),
      ...poolFindings(state, pools),
    ],
  };
}

/** Hosts that are out of service first: they need no capacity and are worst off; then as the fleet file has them. */
function order(state: Surveying): PlannedHost['host'][] {
  const names = state.target.hosts.map((h) => h.host);
  const there = names.filter((n) => isThere(state, n));
  const rest = names.filter((n) => !there.includes(n));
  const out = rest.filter((n) => !inServiceEverywhere(state, n));
  return [...out, ...rest.filter((n) => !out.includes(n)), ...there];
}

const installedOf = (
  host: SurveyedHost | undefined,
  name: string,
): PlannedHost['from'][number]['evr'] => host?.installed.find((p) => p.name === name)?.evr ?? null;

const willGo = (state: Surveying, name: string): boolean =>
  state.surveyed[name]?.disabled === null && !isThere(state, name);

/** At the wanted version in every package, and in service: nothing to do. */
function isThere(state: Surveying, name: string): boolean {
  const same = state.target.packages.every(
    (p) => installedOf(state.surveyed[name], p.name) === p.evr,
  );
  return same && inServiceEverywhere(state, name);
}

function inServiceEverywhere(state: Surveying, name: string): boolean {
  const memberships = state.target.hosts.find((h) => h.host === name)?.memberships ?? [];
  return memberships.every(
    (m) => memberOf(state.pools ?? [], m.pool, m.member)?.inService === true,
  );
}

const memberOf = (
  pools: readonly PoolSnapshot[],
  pool: string,
  member: string,
): PoolSnapshot['members'][number] | undefined =>
  pools.find((p) => p.pool === pool)?.members.find((m) => m.member === member);

function plannedPool(
  state: Surveying,
  { pool, size }: Surveying['target']['pools'][number],
): PlannedPool {
  const rule: CapacityRule = ruleOf(state);
  const inService =
    state.pools?.find((p) => p.pool === pool)?.members.filter((m) => m.inService).length ?? 0;
  return {
    pool,
    size,
    inService,
    minInService: minInService(rule, size),
    batch: batchSize(rule, { size, inService, reserved: 0 }),
  };
}

function hostFindings(state: Surveying): Finding[] {
  return state.target.hosts.flatMap(({ host }): Finding[] => {
    const surveyed = state.surveyed[host];
    if (surveyed === undefined) {
      return [
        {
          severity: 'confirm',
          code: 'host-unreachable',
          host,
          message: `${host} did not answer; it would be skipped`,
          todo: 'Check that the host is up and its puppet-listener runs, or accept host-unreachable to deploy without it.',
        },
      ];
    }
    if (surveyed.disabled === null) return [];
    return [
      {
        severity: 'confirm',
        code: 'puppet-disabled',
        host,
        message: clip(
          `Puppet is disabled on ${host}: ${surveyed.disabled || 'no reason given'}`,
          MAX_MESSAGE,
        ),
        todo: 'Ask whoever disabled it, then enable it; or accept puppet-disabled to deploy without it: it would be skipped.',
      },
    ];
  });
}

function versionFindings(state: Surveying, hosts: readonly PlannedHost[]): Finding[] {
  const { evr, application, environment } = state.target;
  if (hosts.every((h) => h.action === 'already-there')) {
    return [
      {
        severity: 'block',
        code: 'already-running',
        message: `${application} ${evr} already runs on every host of ${environment}`,
        todo: 'Nothing is to be done. To run Puppet anyway, use refresh.',
      },
    ];
  }
  const older = hosts.filter((h) =>
    h.from.some((f) => f.evr !== null && compareEvr(f.evr, evr) > 0),
  );
  const fresh = hosts.filter(
    (h) => state.surveyed[h.host] !== undefined && h.from.some((f) => f.evr === null),
  );
  return [
    ...older.slice(0, 1).map((h): Finding => ({
      severity: 'confirm',
      code: 'downgrade',
      message: clip(
        `${evr} is older than what runs on ${older.length} of ${hosts.length} hosts (${h.host}: ${h.from.map((f) => f.evr ?? 'not installed').join(', ')})`,
        MAX_MESSAGE,
      ),
      todo: 'Accept downgrade if going back is what you want.',
    })),
    ...fresh.map((h): Finding => ({
      severity: 'confirm',
      code: 'no-way-back',
      host: h.host,
      message: `${application} is not installed on ${h.host}: a rollback could not bring it back to anything`,
      todo: 'Accept no-way-back for a first installation.',
    })),
    ...lostWaysBack(state, hosts),
  ];
}

/** What a host would go back to is in no repository any more: a rollback could not install it. */
function lostWaysBack(state: Surveying, hosts: readonly PlannedHost[]): Finding[] {
  return hosts
    .filter(({ action }) => action === 'deploy')
    .flatMap(({ host, from }): Finding[] => {
      const lost = from.find(({ name, evr }) =>
        state.surveyed[host]?.gone?.some((g) => g.name === name && g.evr === evr),
      );
      if (lost === undefined) return [];
      return [
        {
          severity: 'confirm',
          code: 'no-way-back',
          host,
          message: `${lost.name}-${lost.evr ?? ''}, which ${host} has, is in no repository any more: a rollback could not bring it back`,
          todo: 'Publish that RPM again, or accept no-way-back.',
        },
      ];
    });
}

function poolFindings(state: Surveying, pools: readonly PlannedPool[]): Finding[] {
  const unreadable = state.unreadable.map((u): Finding => ({
    severity: 'block',
    code: 'pool-unreadable',
    message: clip(`pool ${u.pool} could not be read: ${u.reason}`, MAX_MESSAGE),
    todo: 'Check the load balancer and its entry in the configuration of lb-controller, then ask again.',
  }));
  const missing = state.target.hosts.flatMap(({ host, memberships }) =>
    memberships
      .filter(
        (m) =>
          state.pools?.some((p) => p.pool === m.pool) === true &&
          memberOf(state.pools, m.pool, m.member) === undefined,
      )
      .map((m): Finding => ({
        severity: 'block',
        code: 'member-missing',
        host,
        message: `${host} is not a member of ${m.backend} on ${m.device} (looked for ${m.member})`,
        todo: 'Correct the pool in the fleet file or on the load balancer: deploying to a host whose traffic is not known is not safe.',
      })),
  );
  const read = pools.filter((p) => !state.unreadable.some((u) => u.pool === p.pool));
  const small = read.filter((p) => p.batch === 0).map((p) => smallPool(state, p));
  return [...unreadable, ...missing, ...small];
}

/** By the rule alone nothing may ever leave: blocked. Only now too few are up: told, and waited for. */
function smallPool(state: Surveying, p: PlannedPool): Finding {
  const rule = ruleOf(state);
  const never = maxOut(rule, p.size) < 1 || p.size - p.minInService < 1;
  const arithmetic = `${p.size} members, ${p.inService} in service, at least ${p.minInService} must stay, at most ${maxOut(rule, p.size)} may be out`;
  return never
    ? {
        severity: 'block',
        code: 'pool-too-small',
        message: `pool ${p.pool} allows nobody to leave: ${arithmetic}`,
        todo: 'Lower absoluteMin or minPercent, or raise maxUnavailablePercent in the strategy, if the rest can carry the load.',
      }
    : {
        severity: 'info',
        code: 'pool-short',
        message: `pool ${p.pool} has no place free now: ${arithmetic}; hosts in service wait until more are up`,
        todo: 'Bring the missing members back.',
      };
}
