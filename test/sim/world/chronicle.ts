import {
  evolve,
  evolveAttention,
  evolveRelease,
  initialDeployment,
  initialRelease,
  isActive,
  type AttentionFact,
  type DeploymentFact,
  type DeploymentState,
  type ReleaseFact,
  type ReleaseState,
} from '@gantry/domain';
import { streamKey, type RecordedEvent } from '@gantry/event-log';
import type { Simulation } from '@gantry/testing/sim';

/** An event as it was committed. */
export interface Committed {
  readonly atMs: number;
  readonly stream: string;
  readonly event: RecordedEvent;
}

/** What was committed, event by event as it came, and what follows from it by now. */
export class Chronicle {
  readonly all: Committed[] = [];
  readonly deployments = new Map<string, DeploymentState>();
  readonly releases = new Map<string, ReleaseState>();
  /** Open attention items, by key, with the time they were opened. */
  readonly attention = new Map<string, number>();

  constructor(private readonly sim: Simulation) {}

  record(event: RecordedEvent): void {
    const key = streamKey({ type: event.streamType, id: event.streamId });
    const atMs = this.sim.elapsedMs;
    this.all.push({ atMs, stream: key, event });
    const { type, data, metadata } = event;
    const host = hostOf(data);
    const about = host === undefined ? '' : ` ${host}`;
    this.sim.trace.note('log', `${type}${about} (${key.slice(-6)})`);
    const fact = { type, data: data as never, at: metadata.occurredAt };
    if (event.streamType === 'deployment') {
      const before = this.deployments.get(key) ?? initialDeployment;
      this.deployments.set(key, evolve(before, fact as DeploymentFact));
    }
    if (event.streamType === 'release') {
      const before = this.releases.get(key) ?? initialRelease;
      this.releases.set(key, evolveRelease(before, fact as ReleaseFact));
    }
    if (event.streamType === 'attention') this.takeItem(event.streamId, fact as AttentionFact);
  }

  get active(): readonly string[] {
    return [...this.deployments].filter(([, state]) => isActive(state)).map(([key]) => key);
  }

  private takeItem(key: string, fact: AttentionFact): void {
    const isOpen = this.attention.has(key) ? 'open' : 'closed';
    if (evolveAttention(isOpen, fact) === 'closed') this.attention.delete(key);
    else if (!this.attention.has(key)) this.attention.set(key, this.sim.elapsedMs);
  }
}

function hostOf(data: unknown): string | undefined {
  return typeof data === 'object' &&
    data !== null &&
    'host' in data &&
    typeof data.host === 'string'
    ? data.host
    : undefined;
}
