import type {
  DataOf,
  DeploymentHostRunFinished,
  DeploymentHostSurveyed,
  DeploymentHostVersionPublished,
  DeploymentRollbackFailed,
  PuppetPublishRequested,
} from '@gantry/contracts';
import { isActive } from '@gantry/domain';
import type { RecordedEvent } from '@gantry/event-log';
import { must } from '@gantry/testing/sim';
import type { HostModel } from '../world/host-model.js';
import type { World } from '../world/world.js';
import type { Check } from './check.js';
import { isOut, isTold } from './world-checks.js';

/** At rest: every deployment has ended (I-01), and what the log says is true, or an item names the difference (I-08). */
export const restCheck: Check = {
  atRest(world) {
    for (const [stream, state] of world.chronicle.deployments)
      must(!isActive(state), 'I-01', () => `${stream} never ended, it is ${state.status}`);
    const said = lastReadings(world);
    for (const host of world.hosts) {
      if (isTold(world, host.name)) continue;
      must(!isOut(world, host.name), 'I-08', () => `${host.name} is out and no item says so`);
      bringsNothingUntold(world, host);
      hasWhatIsSaid(host, said);
    }
  },
};

/** Whoever runs Puppet there next gets no surprise: what is wanted of the host is what it has, or an item tells of it. */
function bringsNothingUntold(world: World, { name: host, installed }: HostModel): void {
  const { attention } = world.chronicle;
  if (isNotBack(world, host)) return;
  for (const [name, evr] of world.wanted.get(host) ?? []) {
    // Each application's package has its name.
    if (attention.has(`version-still-wanted.${name}.${host}`)) continue;
    const told = `Puppet would bring ${name} ${evr} to ${host}, and no item says so`;
    must(installed.get(name) === evr, 'I-08', () => told);
  }
}

/** A rollback that failed names its hosts in an item of its own. */
const isNotBack = ({ chronicle: { all, attention } }: World, host: string): boolean =>
  all.some(
    ({ stream, event: { type, data } }) =>
      type === 'deployment.rollback-failed' &&
      (data as DataOf<typeof DeploymentRollbackFailed>).failed.some((each) => each === host) &&
      attention.has(stream.replace('deployment-', 'deployment.')),
  );

function hasWhatIsSaid(host: HostModel, said: ReturnType<typeof lastReadings>): void {
  for (const [name, evr] of host.installed) {
    const known = said.get(`${host.name} ${name}`);
    must(
      known === undefined || known.has(evr),
      'I-08',
      () => `${host.name} has ${name} ${evr}, the log says ${[...(known ?? [])].join(' or ')}`,
    );
  }
}

/**
 * What the log says that each host may have: what was last read there, or what was last published for it. A wanted version
 * stays in force, so whoever runs Puppet next brings it, be it for another application. Of what was asked of a publisher that has not
 * answered nobody knows whether it holds, or what was published before.
 */
function lastReadings({ chronicle }: World): ReadonlyMap<string, ReadonlySet<string | null>> {
  const read = new Map<string, string | null>();
  const wanted = new Map<string, readonly Asked[]>();
  for (const { event } of chronicle.all) {
    const { host, read: seen, asked, answered } = readingOf(event);
    for (const { name, evr } of seen) read.set(`${host} ${name}`, evr);
    for (const each of asked) {
      const key = `${host} ${each.name}`;
      wanted.set(key, [...(wanted.get(key) ?? []), each]);
    }
    if (answered === undefined) continue;
    for (const [key, all] of wanted) {
      const at = all.findLastIndex(({ requestId }) => requestId === answered);
      if (at > 0) wanted.set(key, all.slice(at));
    }
  }
  const keys = [...read.keys(), ...wanted.keys()];
  return new Map(
    keys.map((key) => [
      key,
      new Set([read.get(key) ?? null, ...(wanted.get(key) ?? [{ evr: null }]).map((w) => w.evr)]),
    ]),
  );
}

interface Asked {
  readonly requestId: string;
  readonly name: string;
  readonly evr: string;
}

interface Reading {
  readonly host: string;
  readonly read: readonly { readonly name: string; readonly evr: string | null }[];
  readonly asked: readonly Asked[];
  /** Which request a publisher has carried out. */
  readonly answered?: string;
}

function readingOf({ type, data }: Pick<RecordedEvent, 'type' | 'data'>): Reading {
  switch (type) {
    case 'deployment.host-run-finished': {
      const { host, after } = data as DataOf<typeof DeploymentHostRunFinished>;
      return { host, read: after, asked: [] };
    }
    case 'deployment.host-surveyed': {
      const { host, installed } = data as DataOf<typeof DeploymentHostSurveyed>;
      return { host, read: installed, asked: [] };
    }
    case 'puppet.publish.requested': {
      const { host, requestId, versions } = data as DataOf<typeof PuppetPublishRequested>;
      return { host, read: [], asked: versions.map((version) => ({ ...version, requestId })) };
    }
    case 'deployment.host-version-published': {
      const { host, requestId } = data as DataOf<typeof DeploymentHostVersionPublished>;
      return { host, read: [], asked: [], answered: requestId };
    }
    default:
      return { host: '', read: [], asked: [] };
  }
}
