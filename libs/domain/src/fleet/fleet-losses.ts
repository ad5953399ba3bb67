import type { Environment, Fleet, FleetLoss } from '@gantry/contracts';
import { entriesOf, ownEntry } from './fleet-placements.js';
import { safeguardLosses } from './safeguard-losses.js';

/** Names told of each loss; how many there are is told in any case. */
const NAMES_TOLD = 10;
const LONGEST_NAME = 80;

/**
 * What a proposed fleet takes away of the one in force that wants a person's consent: of an environment, an application there or a pool
 * more than `maxRemovedPercent` of its hosts, or all of it; a minimum that is lowered; an approval or a gate that is dropped.
 * In the order of the file; empty for a change that comes into force by itself.
 */
export function fleetLosses(
  before: Fleet,
  after: Fleet,
  maxRemovedPercent: number,
): readonly FleetLoss[] {
  return [
    ...environmentLosses(before, after, maxRemovedPercent),
    ...poolLosses(before, after, maxRemovedPercent),
    ...safeguardLosses(before, after),
  ];
}

/** A list of names before and after, of the thing at `path`. */
interface Shrinking {
  readonly path: string;
  readonly what: 'hosts' | 'members';
  readonly was: readonly string[];
  readonly left: readonly string[];
}

function shrunk({ path, what, was, left }: Shrinking, maxRemovedPercent: number): FleetLoss[] {
  const stays = new Set(left);
  const gone = was.filter((name) => !stays.has(name));
  if (gone.length * 100 <= was.length * maxRemovedPercent) return [];
  const share = Math.round((gone.length / was.length) * 1_000) / 10;
  const message = `loses ${gone.length} of its ${was.length} ${what} (${share} %, up to ${maxRemovedPercent} % needs nobody's consent): ${named(gone)}`;
  return [{ path, message }];
}

const removed = (path: string, what: Shrinking['what'], names: readonly string[]): FleetLoss => ({
  path,
  message: `is removed with its ${names.length} ${what}: ${named(names)}`,
});

function named(names: readonly string[]): string {
  const told = names.slice(0, NAMES_TOLD).map((name) => name.slice(0, LONGEST_NAME));
  const rest = names.length - told.length;
  const list = told.length === 0 ? 'none' : told.join(', ');
  return rest > 0 ? `${list} and ${rest} more` : list;
}

const hostsOf = ({ applications }: Environment): readonly string[] => [
  ...new Set(Object.values(applications).flatMap(({ hosts }) => hosts)),
];

function environmentLosses(before: Fleet, after: Fleet, maxRemovedPercent: number): FleetLoss[] {
  return entriesOf(before.environments).flatMap(([name, environment]) => {
    const path = `environments.${name}`;
    const now = ownEntry(after.environments, name);
    const was = hostsOf(environment);
    if (now === undefined) return [removed(path, 'hosts', was)];
    const whole = shrunk({ path, what: 'hosts', was, left: hostsOf(now) }, maxRemovedPercent);
    // What the environment loses is told once; its applications only where the environment as a whole looks harmless.
    const limit = whole.length > 0 ? 100 : maxRemovedPercent;
    return [...whole, ...applicationLosses(path, environment, now, limit)];
  });
}

function applicationLosses(
  environmentPath: string,
  before: Environment,
  after: Environment,
  maxRemovedPercent: number,
): FleetLoss[] {
  return entriesOf(before.applications).flatMap(([name, { hosts: was }]) => {
    const path = `${environmentPath}.applications.${name}`;
    const now = ownEntry(after.applications, name);
    if (now === undefined) return [removed(path, 'hosts', was)];
    return shrunk({ path, what: 'hosts', was, left: now.hosts }, maxRemovedPercent);
  });
}

function poolLosses(before: Fleet, after: Fleet, maxRemovedPercent: number): FleetLoss[] {
  return entriesOf(before.pools).flatMap(([name, { members }]) => {
    const path = `pools.${name}`;
    const was = Object.keys(members);
    const now = ownEntry(after.pools, name);
    if (now === undefined) return [removed(path, 'members', was)];
    const left = Object.keys(now.members);
    return shrunk({ path, what: 'members', was, left }, maxRemovedPercent);
  });
}
