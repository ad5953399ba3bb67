import type { Clock } from '@gantry/service-kit';
import type { Presence } from '../projections/host.record.js';

/** Listeners speak every few seconds; one that was silent for this long cannot be reached. */
const SILENT_AFTER_MS = 15_000;

interface Heard {
  readonly at: Date;
  readonly listenerVersion: string;
}

/** When each host's listener was last heard: only in memory, because it is no fact of the log and soon heard again. */
export class HostPresenceBook {
  private readonly heard = new Map<string, Heard>();

  constructor(private readonly clock: Clock) {}

  /** The host spoke just now. */
  note(host: string, listenerVersion: string): void {
    this.heard.set(host, { at: this.clock.now(), listenerVersion });
  }

  /** A host never heard of is neither reachable nor unreachable. */
  of(host: string): Presence {
    const last = this.heard.get(host);
    if (last === undefined) return { reachable: null, lastHeardAt: null, listenerVersion: null };
    const { at, listenerVersion } = last;
    const silentMs = this.clock.now().getTime() - at.getTime();
    return {
      reachable: silentMs <= SILENT_AFTER_MS,
      lastHeardAt: at.toISOString(),
      listenerVersion,
    };
  }
}
