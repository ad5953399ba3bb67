import { Inject, Injectable } from '@nestjs/common';
import type { AttentionOpened, DataOf } from '@gantry/contracts';
import type { EventLog } from '@gantry/event-log';
import { Log, Repeated } from '@gantry/service-kit';
import { AttentionDesk } from '../attention/attention-desk.js';
import {
  ActiveStreamsRepository,
  type ActiveStreams,
} from '../persistence/active-streams.repository.js';
import { DEPLOYMENT_ENDS } from '../streams/deployment.aggregate.js';
import { EVENT_LOG } from '../streams/ports.js';
import type { Killer } from '../persistence/crash-ledger.js';
import { HeldStreams, type Hold } from './held-streams.js';

const LOOK_MS = 5_000;
const PREFIX = 'quarantine.';
const ITEM = /^attention-(quarantine\.(crash|unreadable|restored)\.(.+))$/;

/**
 * Streams that nobody touches: one that killed its orchestrator again and again or was under way in a log that came back from a
 * backup, until a person releases it, and one whose events cannot be read, until they can. The open attention item is what lasts of it: by it every replica knows, and every later life.
 */
@Injectable()
export class Quarantine extends Repeated {
  /** Items this process has opened or found open. */
  private readonly told = new Set<string>();

  constructor(
    @Inject(HeldStreams) private readonly held: HeldStreams,
    @Inject(AttentionDesk) private readonly desk: AttentionDesk,
    @Inject(ActiveStreamsRepository) private readonly active: ActiveStreams,
    @Inject(EVENT_LOG) private readonly events: EventLog,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: LOOK_MS, failure: 'quarantine not looked at' });
  }

  /** Before anything is worked on: what is held already, and what the lives before this one died of. */
  async begin(): Promise<void> {
    await this.learn();
    for (const killer of await this.held.killers()) this.held.hold(killer.stream, blame(killer));
    await this.tell();
  }

  /** Holds every deployment that the log, as it came back from a backup, takes for under way. */
  async holdRestored(): Promise<void> {
    for (const stream of await this.active.notEndedBy('deployment', DEPLOYMENT_ENDS))
      if (this.held.of(stream) === undefined) this.held.hold(stream, RESTORED);
    await this.tell();
  }

  /** Lets a stream go on; false when it was not held. */
  async release(stream: string, because: string): Promise<boolean> {
    const hold = this.held.of(stream);
    if (hold === undefined) return false;
    const key = keyOf(stream, hold);
    await this.desk.close(key, because);
    this.told.delete(key);
    await this.held.release(stream);
    return true;
  }

  protected async once(): Promise<void> {
    for (const [stream, hold] of this.held.all)
      if (hold.cause === 'unreadable' && (await this.readable(stream)))
        await this.release(stream, 'its events can be read again');
    await this.learn();
    await this.tell();
  }

  /** What other replicas hold, and what somebody has released. */
  private async learn(): Promise<void> {
    const open = await this.active.notEndedBy('attention', ['attention.closed']);
    const items = new Map(open.flatMap((stream) => holdOf(stream) ?? []));
    for (const [stream, hold] of items) {
      this.told.add(keyOf(stream, hold));
      if (this.held.of(stream) === undefined) this.held.hold(stream, hold);
    }
    for (const [stream, hold] of this.held.all)
      if (this.told.has(keyOf(stream, hold)) && !items.has(stream)) await this.held.release(stream);
  }

  private async tell(): Promise<void> {
    for (const [stream, hold] of this.held.all) {
      const key = keyOf(stream, hold);
      if (this.told.has(key)) continue;
      await this.desk.open(itemOf(key, stream, hold));
      this.told.add(key);
      this.log.error('a stream is held', { stream, because: hold.detail });
    }
  }

  private async readable(stream: string): Promise<boolean> {
    const [, type = '', id = ''] = /^([a-z]+)-(.+)$/.exec(stream) ?? [];
    return this.events.readStream({ type, id }, 1).then(
      () => true,
      () => false,
    );
  }
}

const keyOf = (stream: string, { cause }: Hold): string =>
  `${PREFIX}${cause}.${stream}`.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 128);

function holdOf(attention: string): [stream: string, hold: Hold][] | undefined {
  const [, , cause, stream] = ITEM.exec(attention) ?? [];
  if (stream === undefined) return undefined;
  const detail = 'see the attention item';
  return [[stream, { cause: cause as Hold['cause'], detail }]];
}

const blame = ({ work, deaths }: Killer): Hold => ({
  cause: 'crash',
  detail: `the orchestrator died ${deaths + 1} times in a row, the last ${deaths} times while it worked on this: ${work}`,
});

/** What a deployment did since the backup is not in the log: its hosts may be further than it knows. */
const RESTORED: Hold = {
  cause: 'restored',
  detail:
    'the log was restored from a backup while this was under way, and does not know what became of it',
};

const TODO: Readonly<Record<Hold['cause'], string>> = {
  crash:
    'Read the end of the orchestrator logs, then let it go on with `gantry resume ID --reason ...`; if it dies again, this item comes back.',
  restored:
    'Look at its hosts and pools (`gantry running`, the load balancer), then let it go on with `gantry resume ID --reason ...`, and cancel it if it must not.',
  unreadable:
    'Run the orchestrator version that wrote these events, or look at the row; it goes on by itself once they can be read.',
};

function itemOf(key: string, stream: string, hold: Hold): DataOf<typeof AttentionOpened> {
  return {
    key,
    kind: 'stream-quarantined',
    title: `${stream} is quarantined: nobody works on it`,
    detail: `${hold.detail}. Everything else goes on; hosts it has out of service stay out.`.slice(
      0,
      4_000,
    ),
    todo: TODO[hold.cause],
  };
}
