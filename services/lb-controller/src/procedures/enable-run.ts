import type { DataOf, EnableEvidence, LbEnableRequested } from '@gantry/contracts';
import type { Clock } from '@gantry/service-kit';
import type { Pace } from '../ports/pace.port.js';
import {
  beginEnable,
  decideEnable,
  needsPreparing,
  placeKey,
  type EnableProgress,
} from './enable.decide.js';
import { isDeviceError, type DeviceError, type HostPlaces } from './host-places.js';
import type { Fence, Place } from './host-request.js';
import { failureOf, superseded, type Failure } from './outcome.js';
import { isOut, type FoundPlace } from './seen-place.js';

/** The request of an enable. */
export type EnableRequest = DataOf<typeof LbEnableRequested>;

/** Whether the claim still counts, and whether the host may still be kept from traffic under it: not once its turn has put it back. */
export interface EnableFences {
  readonly current: Fence;
  readonly out: Fence;
}

/** What one run of an enable works with. */
export interface EnableTools {
  readonly pace: Pace;
  readonly clock: Clock;
}

const isIn = ({ member }: FoundPlace): boolean => member.admin === 'in';

type Read = readonly FoundPlace[] | DeviceError;

const STEADY_READS = 2;

/** One enable, step by step; each step answers with a failure or with nothing. */
export class EnableRun {
  private progress: EnableProgress | undefined;
  private beganMs = 0;
  private reads = 0;
  private waitedMs = 0;
  private checks = '';

  constructor(
    private readonly request: EnableRequest,
    private readonly places: HostPlaces,
    private readonly fences: EnableFences,
    private readonly tools: EnableTools,
  ) {}

  /** Puts returning members under check without traffic, and waits for a result that is newer than that. */
  async awaitChecks(): Promise<Failure | undefined> {
    const first = await this.places.confirm();
    this.beganMs = this.tools.pace.nowMs();
    let progress = (this.progress = beginEnable(first));
    let read: Read = first;
    for (;;) {
      if (!this.fences.current()) return superseded(this.request.host);
      if (this.isDoneByAnother(read)) return undefined;
      if (!isDeviceError(read)) {
        const now = this.tools.pace.nowMs();
        const decided = decideEnable(progress, read, this.places.checkWindowMs, now);
        progress = this.progress = decided.progress;
        if (decided.verdict === 'ready') {
          this.noteChecks(read, now);
          return undefined;
        }
        if (decided.verdict === 'prepare') await this.prepare(progress, read);
      }
      if (this.late()) return this.timeout(read);
      read = await this.next();
    }
  }

  /** Lets them in and looks until the device shows them up, twice in a row. */
  async letIn(): Promise<Failure | undefined> {
    if (!this.fences.current()) return superseded(this.request.host);
    await this.places.set(await this.places.confirm(), 'in');
    const { effective, seen } = await this.places.readBack(isIn);
    if (!effective) return this.notEffective(seen);
    let read: Read = seen;
    let steady = 0;
    for (;;) {
      const well = !isDeviceError(read) && read.every(({ member }) => member.inService);
      steady = well ? steady + 1 : 0;
      if (steady >= STEADY_READS) return undefined;
      if (this.late() && !well) return this.timeout(read);
      read = await this.next();
    }
  }

  /** After a failure: whoever came back with this request goes out again, now or when the device answers; these places. */
  async takeBack(): Promise<readonly Place[]> {
    const returning = this.progress?.returning;
    if (!returning || !this.fences.out()) return [];
    try {
      const seen = await this.places.confirm();
      await this.places.set(
        seen.filter(({ place }) => returning.has(placeKey(place))),
        'off',
        this.fences.out,
      );
      await this.places.readBack(isOut);
    } catch (error) {
      if (!isDeviceError(error)) throw error;
    }
    // Only now is it known what the log says: whoever was put back by another stays in.
    if (!this.fences.out()) return [];
    return this.places.places.filter((place) => returning.has(placeKey(place)));
  }

  evidence(): EnableEvidence {
    return {
      checks: this.checks.slice(0, 500),
      reads: Math.max(1, this.reads),
      waitedMs: Math.round(this.waitedMs),
      inServiceAt: this.tools.clock.now().toISOString(),
    };
  }

  /** While this process slept another one had the same request, and the log knows that it has put the host back. */
  private isDoneByAnother(read: Read): boolean {
    return !this.fences.out() && !isDeviceError(read) && read.every(isIn);
  }

  private async prepare(progress: EnableProgress, seen: readonly FoundPlace[]): Promise<void> {
    try {
      await this.places.set(
        seen.filter((each) => needsPreparing(progress, each)),
        'drain',
        this.fences.out,
      );
    } catch (error) {
      // The next read shows what came of it, and the time limit ends it.
      if (!isDeviceError(error)) throw error;
    }
  }

  private async next(): Promise<Read> {
    await this.tools.pace.sleep(this.places.pollMs);
    this.reads += 1;
    return this.places.tryRead();
  }

  private noteChecks(seen: readonly FoundPlace[], nowMs: number): void {
    this.waitedMs = nowMs - (this.progress?.checkedSinceMs ?? nowMs);
    this.checks = seen
      .map(({ place, member }) => `${place.pool}/${member.member}: ${member.check}`)
      .join('; ');
  }

  private late(): boolean {
    return this.tools.pace.nowMs() - this.beganMs >= this.request.timeoutMs;
  }

  private timeout(read: Read): Failure {
    if (isDeviceError(read)) return failureOf(read);
    const { progress } = this;
    if (progress && read.some((each) => needsPreparing(progress, each) && !isIn(each)))
      return this.notEffective(read);
    const unwell = read.filter(({ member }) => !['up', 'unmonitored'].includes(member.monitor));
    const shown = unwell.map(
      ({ place, member }) =>
        `${place.pool}/${member.member} is ${member.monitor} (${member.check})`,
    );
    const kind = unwell.some(({ member }) => member.monitor === 'down') ? 'unhealthy' : 'timeout';
    const reason =
      `after ${this.request.timeoutMs} ms the load balancer does not show ${this.request.host} well: ` +
      `${shown.join(', ') || 'no whole check window passed without a break'}. It stays out of service; look at its health check.`;
    return { kind, reason };
  }

  private notEffective(seen: readonly FoundPlace[]): Failure {
    const shown = seen
      .filter((each) => !isIn(each))
      .map(({ place, member }) => {
        const from = member.inheritedFrom === undefined ? '' : ` (by ${member.inheritedFrom})`;
        return `${place.pool}/${member.member} is ${member.admin}${from}`;
      });
    const reason =
      `the device took the command to put ${this.request.host} in and does not show it: ${shown.join(', ')}. ` +
      'Look for an agent check, a tracked server or another tool that decides about this member.';
    return { kind: 'not-effective', reason };
  }
}
