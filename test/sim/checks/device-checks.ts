import type { DataOf, LbDrainRequested, LbEnableRequested } from '@gantry/contracts';
import { must } from '@gantry/testing/sim';
import type { Committed } from '../world/chronicle.js';
import type { DeviceWrite } from '../world/device-model.js';
import type { World } from '../world/world.js';
import type { Check } from './check.js';

/** An lb-controller that has heard of owners lately may go by that for fifteen seconds; a write in flight and its telling take some more. */
const BEHIND_MS = 20_000;

/** What the newest request in the log wants of a member, and since when the log says that it is so. */
interface Wanted {
  readonly traffic: boolean;
  readonly by: string;
  readonly doneAtMs: number;
}

/**
 * No lb-controller writes against the log (I-09): once the newest request about a host is answered, only a newer one may undo it. Whoever
 * carries out an old claim, be it late, again or after a sleep, writes just that.
 */
export class AskedForCheck implements Check {
  private events = 0;
  private writes = 0;
  private readonly wanted = new Map<string, Wanted>();
  private readonly placesOf = new Map<string, readonly string[]>();

  afterStep({ chronicle, device }: World): void {
    for (; this.events < chronicle.all.length; this.events++) {
      const committed = chronicle.all[this.events];
      if (committed !== undefined) this.read(committed);
    }
    for (; this.writes < device.writes.length; this.writes++) {
      const write = device.writes[this.writes];
      if (write?.by.startsWith('lb-controller') === true) this.judge(write);
    }
  }

  private read({ event, stream, atMs }: Committed): void {
    const { type } = event;
    if (type === 'lb.drain.requested' || type === 'lb.enable.requested') {
      const { host, epoch, memberships } = event.data as
        DataOf<typeof LbDrainRequested> | DataOf<typeof LbEnableRequested>;
      const places = memberships.map(({ backend, member }) => `${backend} ${member}`);
      const by = `${type} under epoch ${epoch}`;
      this.placesOf.set(`${stream} ${host}`, places);
      for (const place of places)
        this.wanted.set(place, { traffic: type === 'lb.enable.requested', by, doneAtMs: Infinity });
    }
    if (type === 'deployment.host-drained') this.done(stream, event.data, false, atMs);
    if (type === 'deployment.host-enabled') this.done(stream, event.data, true, atMs);
  }

  private done(stream: string, data: unknown, traffic: boolean, atMs: number): void {
    const { host } = data as { readonly host: string };
    for (const place of this.placesOf.get(`${stream} ${host}`) ?? []) {
      const wanted = this.wanted.get(place);
      if (wanted?.traffic === traffic) this.wanted.set(place, { ...wanted, doneAtMs: atMs });
    }
  }

  private judge({ atMs, pool, member, want, by }: DeviceWrite): void {
    const wanted = this.wanted.get(`${pool} ${member}`);
    if (wanted === undefined || wanted.traffic === (want === 'in')) return;
    const forMs = atMs - wanted.doneAtMs;
    must(
      forMs <= BEHIND_MS,
      'I-09',
      () =>
        `${by} sets ${pool}/${member} to ${want}, ${forMs} ms after ${wanted.by} was carried out`,
    );
  }
}
