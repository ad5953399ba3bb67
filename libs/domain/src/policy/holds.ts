import type { ApplicationName, EnvironmentName, Evr, HoldScope, PoolName } from '@gantry/contracts';
import { assertNever } from '../assert-never.js';
import type { Hold } from '../hold/hold.js';
import { parseEvr } from '../rpm-version/parse-evr.js';
import { reached } from '../time.js';
import { bySeverity, type Binding } from './binding.js';

/** What somebody wants to change. Without a version every pin on it binds. */
export interface ChangeTarget {
  readonly application: ApplicationName;
  readonly environment: EnvironmentName;
  readonly pools: readonly PoolName[];
  readonly evr?: Evr;
}

/** Those of the holds that bind a target now, most severe first. A hold whose time is over binds nobody, expired on record or not. */
export function holdsThatBind(
  holds: readonly Hold[],
  target: ChangeTarget,
  now: string,
): readonly Binding[] {
  return bySeverity(
    holds
      .filter(({ until }) => until === undefined || !reached(until, now))
      .filter(({ scope }) => covers(scope, target))
      .filter(({ rule }) => rule.kind !== 'pin' || !keeps(rule.version, target.evr))
      .map(bindingOf),
  );
}

function covers(scope: HoldScope, target: ChangeTarget): boolean {
  switch (scope.over) {
    case 'all':
      return true;
    case 'environment':
      return scope.environment === target.environment;
    case 'application':
      return scope.application === target.application;
    case 'application-in-environment':
      return scope.environment === target.environment && scope.application === target.application;
    case 'pool':
      return target.pools.includes(scope.pool);
    default:
      return assertNever(scope);
  }
}

/**
 * Whether a build is what a pin keeps. A whole build keeps itself; a version keeps its releases and what is numbered or dated under
 * it, so not the pre-releases that come before it (1.4~rc1). An epoch counts where the pin names one.
 */
function keeps(pinned: string, evr: Evr | undefined): boolean {
  if (evr === undefined) return false;
  if (pinned.includes('-')) return pinned.replace(/^0:/, '') === evr;
  const { epoch, version } = parseEvr(evr);
  const colon = pinned.indexOf(':');
  if (colon !== -1 && Number(pinned.slice(0, colon)) !== epoch) return false;
  const line = pinned.slice(colon + 1);
  return version === line || version.startsWith(`${line}.`) || version.startsWith(`${line}^`);
}

function bindingOf({ holdId, rule, scope, owner, reason, until }: Hold): Binding {
  const id = `hold:${holdId}`;
  const on = scopeText(scope);
  const what =
    rule.kind === 'pin' ? `${on} stays on ${rule.version}` : `${RULES[rule.kind]} on ${on}`;
  const ask = `ask ${owner} to lift it, or override ${id} with a reason.`;
  return {
    id,
    rule: rule.kind,
    what: `${what}: ${reason}`,
    who: owner,
    ...(until === undefined
      ? { todo: `Wait until it is lifted: ${ask}` }
      : { until, todo: `Wait until ${until}, ${ask}` }),
  };
}

const RULES = { lock: 'lock', freeze: 'freeze', 'stop-the-line': 'the line is stopped' } as const;

function scopeText(scope: HoldScope): string {
  switch (scope.over) {
    case 'all':
      return 'everything';
    case 'environment':
      return scope.environment;
    case 'application':
      return scope.application;
    case 'application-in-environment':
      return `${scope.application} in ${scope.environment}`;
    case 'pool':
      return `pool ${scope.pool}`;
    default:
      return assertNever(scope);
  }
}
