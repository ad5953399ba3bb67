import type { DrainEvidence, LbDrainRequested, DataOf } from '@gantry/contracts';
import type { Clock, Log } from '@gantry/service-kit';
import type { Pace } from '../ports/pace.port.js';
import { afterSet, shortageText, shortageWithout } from './capacity.policy.js';
import { beginDrain, decideDrain, type DrainProgress, type DrainVerdict } from './drain.decide.js';
import { isDeviceError, type DeviceError, type HostPlaces } from './host-places.js';
import type { Fence } from './host-request.js';
import { failureOf, superseded, type Failure } from './outcome.js';
import { isOut, type FoundPlace } from './seen-place.js';

/** The request of a drain. */
export type DrainRequest = DataOf<typeof LbDrainRequested>;

/** What one run of a drain works with. */
export interface DrainTools {
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Tells that a lost drain was set again. */
  readonly reasserted: () => void;
}

/** How many more looks the first of several rivals takes before it gives way too. */
const RIVAL_LOOKS = 3;
/** Looks at a member that is gone, before its absence is believed. */
const ABSENT_LOOKS = 3;

/** One drain, step by step; each step answers with a failure or with nothing, and everything is decided by reading. */
export class DrainRun {
  /** What the members were when we came: what a failure restores. */
  before: readonly FoundPlace[] = [];
  private progress: DrainProgress | undefined;
  private end: DrainEvidence['end'] = 'idle';
  private waitedMs = 0;
  private absent = 0;

  constructor(
    private readonly request: DrainRequest,
    private readonly places: HostPlaces,
    private readonly fence: Fence,
    private readonly tools: DrainTools,
  ) {}

  /** Guards the capacity, sets drain everywhere and looks whether it holds; alone on its pools within this process. */
  async takeOut(): Promise<Failure | undefined> {
    this.before = await this.places.confirm();
    if (!this.fence()) return superseded(this.request.host);
    const shortage = shortageWithout(this.before);
    if (shortage) return { kind: 'capacity', reason: shortageText(shortage) };
    const inside = this.before.filter((seen) => !isOut(seen));
    await this.places.set(inside, 'drain');
    const { effective, seen } = await this.places.readBack(isOut);
    if (!effective) return this.notEffective('drain', seen);
    return this.verifyCapacity(seen);
  }

  /** Waits for the connections to end, watching that the drain holds. */
  async awaitIdle(): Promise<Failure | undefined> {
    this.progress = beginDrain(this.before, this.tools.pace.nowMs());
    for (;;) {
      if (!this.fence()) return superseded(this.request.host);
      const read = await this.places.tryRead();
      const verdict = this.judge(read);
      if (verdict === 'idle') return undefined;
      if (verdict === 'timeout') return isDeviceError(read) ? failureOf(read) : this.timeout();
      const absent = this.isAbsent(read);
      if (isDeviceError(read)) {
        if (absent) return failureOf(read);
      } else if (verdict === 'contested') return this.notEffective('drain', read);
      else if (verdict === 'again') await this.setAgain(read);
      await this.tools.pace.sleep(this.places.pollMs);
    }
  }

  /** Closes the members for good: cookies and persistent sessions still reach a member that only drains. */
  async close(): Promise<Failure | undefined> {
    if (!this.fence()) return superseded(this.request.host);
    await this.places.set(await this.places.confirm(), 'off');
    const { effective, seen } = await this.places.readBack(({ member }) => member.admin === 'off');
    if (!effective) return this.notEffective('off', seen);
    if (this.end === 'forced') await this.places.killConnections();
    return undefined;
  }

  evidence(): DrainEvidence {
    return {
      end: this.end,
      connectionsAtEnd: this.progress?.connections ?? 0,
      reads: Math.max(1, this.progress?.reads ?? 0),
      waitedMs: Math.round(this.waitedMs),
      drainedAt: this.tools.clock.now().toISOString(),
    };
  }

  private judge(read: readonly FoundPlace[] | DeviceError): DrainVerdict {
    const now = this.tools.pace.nowMs();
    const before = this.progress ?? beginDrain(this.before, now);
    const limits = { ...this.request, graceMs: this.places.reloadGraceMs };
    const decided = decideDrain(limits, before, isDeviceError(read) ? undefined : read, now);
    this.progress = decided.progress;
    this.waitedMs = now - before.sinceMs;
    return decided.verdict;
  }

  /** A member that is gone is believed to be gone only when several reads in a row say so. */
  private isAbsent(read: DeviceError | readonly FoundPlace[]): boolean {
    const denied = isDeviceError(read) && read.code === 'lb.not-found';
    this.absent = denied ? this.absent + 1 : 0;
    return this.absent >= ABSENT_LOOKS;
  }

  private async verifyCapacity(first: readonly FoundPlace[]): Promise<Failure | undefined> {
    let seen = first;
    for (let look = 1; ; look += 1) {
      const after = afterSet(this.before, seen, look <= RIVAL_LOOKS);
      if (after.verdict === 'keep') return undefined;
      if (after.verdict === 'undo') {
        const reason = `another host went out at the same time: ${shortageText(after.shortage)}`;
        return { kind: 'capacity', reason };
      }
      await this.tools.pace.sleep(this.places.pollMs);
      seen = await this.places.read();
    }
  }

  private async setAgain(seen: readonly FoundPlace[]): Promise<void> {
    const { host, requestId } = this.request;
    this.tools.log.warn('the drain was lost and is set again', { host, requestId });
    this.tools.reasserted();
    try {
      await this.places.set(
        seen.filter((each) => !isOut(each)),
        'drain',
      );
    } catch (error) {
      // The next read shows what came of it, and the time limit ends it.
      if (!isDeviceError(error)) throw error;
    }
  }

  private timeout(): Failure | undefined {
    const { timeoutMs, maxConnections, onTimeout } = this.request;
    if (onTimeout === 'force') {
      this.end = 'forced';
      return undefined;
    }
    const left = this.progress?.connections ?? 0;
    const reason =
      `after ${timeoutMs} ms there were still ${left} connections (at most ${maxConnections} are allowed). ` +
      'Wait for the long ones to end, raise drain.timeoutMs, or let the strategy force it (drain.onTimeout).';
    return { kind: 'timeout', reason };
  }

  private notEffective(want: string, seen: readonly FoundPlace[]): Failure {
    const shown = seen.map(({ place, member }) => {
      const from = member.inheritedFrom === undefined ? '' : ` (by ${member.inheritedFrom})`;
      return `${place.pool}/${member.member} is ${member.admin}${from}`;
    });
    const reason =
      `the device took the command to set ${this.request.host} to ${want} and does not show it: ${shown.join(', ')}. ` +
      'Look for an agent check, a tracked server or another tool that decides about this member.';
    return { kind: 'not-effective', reason };
  }
}
