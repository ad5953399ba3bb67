import { isActive, isInFlight } from '@gantry/domain';
import { must } from '@gantry/testing/sim';
import type { Scenario } from '../scenario.js';
import type { DeviceWrite } from '../world/device-model.js';
import { membersOf } from '../world/places.js';
import type { World } from '../world/world.js';
import type { Check } from './check.js';

/** A member that fell by itself may be counted on for so long: nobody reads a pool more often, and checks need their time. */
const UNSEEN_MS = 8_000;
const OWNER_LOST_MS = 60_000;
/** Hosts that are out are looked at every ten seconds; a device may be slow to answer. */
const PUT_OUT_AGAIN_MS = 20_000;

/** No drain takes a pool below its minimum, by what the device shows at the moment of the write (I-02). */
export class CapacityCheck implements Check {
  private seen = 0;
  /** When each member was last seen in service while it was meant to be. */
  private readonly lastUp = new Map<string, number>();
  /** What was last written of each member. */
  private readonly told = new Map<string, DeviceWrite['want']>();
  private readonly minimum: ReadonlyMap<string, number>;

  constructor(scenario: Scenario) {
    // The least that any of the applications demands: each drains by its own rule.
    this.minimum = new Map(
      Object.entries(membersOf(scenario)).map(([pool, { length }]) => [
        pool,
        Math.min(...scenario.applications.map(({ strategy }) => minimumOf(strategy, length))),
      ]),
    );
  }

  afterStep({ device, sim }: World): void {
    for (; this.seen < device.writes.length; this.seen++) {
      const write = device.writes[this.seen];
      if (write === undefined) continue;
      if (!this.isPutOutAgain(write, device.reloadedAtMs)) this.judge(write);
      this.told.set(`${write.pool} ${write.member}`, write.want);
    }
    for (const pool of device.pools)
      for (const { member, inService } of device.shown(pool))
        if (inService) this.lastUp.set(`${pool} ${member}`, sim.elapsedMs);
  }

  /**
   * Nobody let it in: the device has just forgotten that it is out. Whoever is under work must not take traffic, and was not counted on before;
   * that others have fallen meanwhile is nobody's drain.
   */
  private isPutOutAgain({ atMs, pool, member, by }: DeviceWrite, reloadedAtMs: number): boolean {
    const was = this.told.get(`${pool} ${member}`) ?? 'in';
    const isSoonAfter = atMs - reloadedAtMs <= PUT_OUT_AGAIN_MS;
    return was !== 'in' && isSoonAfter && by.startsWith('lb-controller');
  }

  private judge({ atMs, pool, member, want, by, before, others }: DeviceWrite): void {
    if (want === 'in' || before?.takesTraffic !== true) return;
    const countedOn = others.filter(
      (each) =>
        each.inService ||
        (each.admin === 'in' &&
          atMs - (this.lastUp.get(`${pool} ${each.member}`) ?? 0) < UNSEEN_MS),
    );
    const minimum = this.minimum.get(pool) ?? 0;
    must(
      countedOn.length >= minimum,
      'I-02',
      () =>
        `${by} takes ${member} out of ${pool}: ${countedOn.length} stay in service, ${minimum} must`,
    );
  }
}

/** What must stay in service, worked out apart from the product. */
function minimumOf(strategy: Readonly<Record<string, unknown>>, size: number): number {
  const percent = Number(strategy['minPercent'] ?? 66);
  return Math.max(Number(strategy['absoluteMin'] ?? 1), Math.ceil((size * percent) / 100), 1);
}

/** A host that is out belongs to somebody who works on it, or an open item tells a person (I-03). */
export class OwnedOrToldCheck implements Check {
  private readonly aloneSince = new Map<string, number>();

  afterStep(world: World): void {
    for (const { name } of world.hosts) {
      if (!isOut(world, name) || isOwned(world, name) || isTold(world, name)) {
        this.aloneSince.delete(name);
        continue;
      }
      const since = this.aloneSince.get(name) ?? world.sim.elapsedMs;
      this.aloneSince.set(name, since);
      const forMs = world.sim.elapsedMs - since;
      must(
        forMs <= OWNER_LOST_MS,
        'I-03',
        () => `${name} is out for ${forMs} ms, nobody works on it and nobody is told`,
      );
    }
  }
}

export const isOut = ({ device }: World, host: string): boolean =>
  device.pools.some((pool) =>
    device.shown(pool).some((each) => each.member === host && each.admin !== 'in'),
  );

const isOwned = ({ chronicle }: World, host: string): boolean =>
  [...chronicle.deployments.values()].some(
    (state) =>
      isActive(state) &&
      'hosts' in state &&
      state.hosts.some((each) => each.host === host && isInFlight(each)),
  );

export const isTold = ({ chronicle }: World, host: string): boolean =>
  chronicle.attention.has(`host-out-of-service.${host}`);

/** Puppet starts once for a command, only for one that was asked for, and never for an owner that was succeeded (I-04, I-09). */
export class RunCheck implements Check {
  private readonly seen = new Map<string, number>();
  private readonly newest = new Map<string, number>();

  afterStep({ hosts, chronicle }: World): void {
    for (const host of hosts) {
      for (let at = this.seen.get(host.name) ?? 0; at < host.runs.length; at++) {
        const cmdId = host.runs[at]?.cmdId ?? '';
        const times = host.runs.filter((run) => run.cmdId === cmdId).length;
        must(
          times === 1,
          'I-04',
          () => `Puppet started ${times} times for ${cmdId} on ${host.name}`,
        );
        const intent = chronicle.all.find(
          ({ event }) =>
            event.type === 'puppet.run.requested' &&
            (event.data as { requestId?: string }).requestId === cmdId,
        );
        must(
          intent !== undefined,
          'I-04',
          () => `Puppet started for ${cmdId}, which was never asked for`,
        );
        const { epoch } = (intent?.event.data ?? { epoch: 0 }) as { readonly epoch: number };
        const newest = this.newest.get(host.name) ?? 0;
        must(
          epoch >= newest,
          'I-09',
          () => `${host.name} ran under epoch ${epoch} after ${newest}`,
        );
        this.newest.set(host.name, epoch);
      }
      this.seen.set(host.name, host.runs.length);
    }
  }
}
