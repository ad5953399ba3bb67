import {
  canonicalJson,
  isActive,
  isTerminal,
  TRANSITIONS,
  type DeploymentState,
} from '@gantry/domain';
import { must } from '@gantry/testing/sim';
import type { Committed } from '../world/chronicle.js';
import type { World } from '../world/world.js';
import type { Check } from './check.js';

const COMMANDS = new Set([
  'lb.drain.requested',
  'puppet.publish.requested',
  'puppet.run.requested',
  'deployment.host-reserved',
]);

const ENDS: ReadonlySet<string> = new Set(
  Object.keys(TRANSITIONS)
    .filter((status) => isTerminal(status as keyof typeof TRANSITIONS))
    .map((status) => `deployment.${status}`),
);

/** Outcomes, and the request that must stand before them in the same stream. */
const INTENT_OF: Readonly<Record<string, string>> = {
  'deployment.host-drained': 'lb.drain.requested',
  'deployment.host-version-published': 'puppet.publish.requested',
  'deployment.host-run-started': 'puppet.run.requested',
  'deployment.host-run-finished': 'puppet.run.requested',
  'deployment.host-verified': 'puppet.run.requested',
  'deployment.host-enabled': 'lb.enable.requested',
};

/** What each stream may say, read as it grows: one end (I-01), nothing after a cancel (I-10), one way back (I-11), intent before outcome (I-12), epochs that rise (I-09). */
export class StreamCheck implements Check {
  private seen = 0;
  private readonly ended = new Map<string, string>();
  private readonly cancelled = new Set<string>();
  private readonly rolledBack = new Map<string, ReadonlyMap<string, string | null>>();
  private readonly intents = new Set<string>();
  private readonly epochs = new Map<string, number>();

  afterStep({ chronicle }: World): void {
    for (; this.seen < chronicle.all.length; this.seen++) {
      const committed = chronicle.all[this.seen];
      if (committed?.stream.startsWith('deployment-') === true)
        this.read(committed, chronicle.deployments.get(committed.stream));
    }
  }

  private read({ stream, event }: Committed, state: DeploymentState | undefined): void {
    const { type } = event;
    const data = event.data as Readonly<Record<string, unknown>>;
    const end = this.ended.get(stream);
    must(end === undefined, 'I-01', () => `${type} in ${stream} after ${end ?? ''}`);
    if (ENDS.has(type)) this.ended.set(stream, type);
    must(!(this.cancelled.has(stream) && COMMANDS.has(type)), 'I-10', () => `${type} after cancel`);
    if (type === 'deployment.cancel-requested') this.cancelled.add(stream);
    this.wayBack(stream, type, data, state);
    this.intentFirst(stream, type, data);
    if (type === 'deployment.host-reserved') this.epochRises(data);
  }

  private wayBack(
    stream: string,
    type: string,
    data: Readonly<Record<string, unknown>>,
    state: DeploymentState | undefined,
  ): void {
    if (type === 'deployment.rollback-started') {
      must(!this.rolledBack.has(stream), 'I-11', () => `${stream} is rolled back twice`);
      const hosts = state !== undefined && 'hosts' in state ? state.hosts : [];
      this.rolledBack.set(stream, new Map(hosts.map((h) => [h.host, fromOf(h)])));
    }
    const before = this.rolledBack.get(stream);
    if (type !== 'puppet.publish.requested' || before === undefined) return;
    const [version] = data['versions'] as readonly { readonly evr: string }[];
    const was = before.get(String(data['host']));
    must(
      version?.evr === was,
      'I-11',
      () =>
        `${String(data['host'])} goes back to ${version?.evr ?? 'nothing'}, it had ${was ?? 'nothing'}`,
    );
  }

  private intentFirst(
    stream: string,
    type: string,
    { requestId }: Readonly<Record<string, unknown>>,
  ): void {
    if (typeof requestId !== 'string') return;
    const intent = INTENT_OF[type];
    if (intent === undefined) this.intents.add(`${stream} ${type} ${requestId}`);
    else
      must(
        this.intents.has(`${stream} ${intent} ${requestId}`),
        'I-12',
        () => `${type} ${requestId} was never asked for`,
      );
  }

  private epochRises({ host, epoch }: Readonly<Record<string, unknown>>): void {
    const known = this.epochs.get(String(host)) ?? 0;
    must(
      Number(epoch) > known,
      'I-09',
      () => `${String(host)} is owned under epoch ${String(epoch)} after ${known}`,
    );
    this.epochs.set(String(host), Number(epoch));
  }
}

type Host = Extract<DeploymentState, { hosts: unknown }>['hosts'][number];

const fromOf = (host: Host): string | null => host.from[0]?.evr ?? null;

/** One active deployment per application and environment, one owner per host (I-09). */
export const ownershipCheck: Check = {
  afterStep({ chronicle }) {
    const slots = new Set<string>();
    const owners = new Map<string, string>();
    for (const [stream, state] of chronicle.deployments) {
      if (!isActive(state)) continue;
      const slot = `${state.target.application}/${state.target.environment}`;
      must(!slots.has(slot), 'I-09', () => `two deployments of ${slot} go on`);
      slots.add(slot);
      if (!('hosts' in state)) continue;
      for (const { host, turn } of state.hosts) {
        if (turn === undefined) continue;
        const other = owners.get(host);
        must(other === undefined, 'I-09', () => `${host} is owned by ${other ?? ''} and ${stream}`);
        owners.set(host, stream);
      }
    }
  },
};

/** Whoever awaits anything has a timer that will wake it; only what waits for a person may sleep. */
export const zombieCheck: Check = {
  afterStep(world) {
    const { chronicle, database, sim } = world;
    // Emptied tables are mended within a minute, and after it a process may have to start first.
    if (sim.elapsedMs - world.tablesClearedAtMs < 180_000) return;
    for (const [stream, state] of chronicle.deployments) {
      if (!isActive(state)) continue;
      const sleeps = state.status === 'paused' && state.hosts.every((h) => h.turn === undefined);
      must(
        sleeps || database.tables.timers.has(stream),
        'zombie',
        () => `nothing wakes ${stream}, which is ${state.status}`,
      );
    }
  },
};

/** At rest: the log read again from zero says what was recorded as it was committed (I-05, I-06). */
export const replayCheck: Check = {
  async atRest({ chronicle, database }) {
    const feed = await database.readFeed(undefined, Number.MAX_SAFE_INTEGER);
    const versions = new Map<string, number>();
    must(
      feed.length === chronicle.all.length,
      'I-06',
      () => `the feed has ${feed.length} events, ${chronicle.all.length} were committed`,
    );
    feed.forEach((event, at) => {
      const stream = `${event.streamType}-${event.streamId}`;
      const version = (versions.get(stream) ?? 0) + 1;
      versions.set(stream, version);
      must(
        event.streamVersion === version,
        'I-06',
        () => `${stream} goes from ${version - 1} to ${event.streamVersion}`,
      );
      const committed = chronicle.all[at];
      must(
        committed?.event.eventId === event.eventId,
        'I-06',
        () => `the feed is out of order at ${at}`,
      );
      must(
        canonicalJson(committed?.event.data) === canonicalJson(event.data),
        'I-05',
        () => `${event.type} reads otherwise than it was written`,
      );
    });
  },
};
