import { Inject, Injectable } from '@nestjs/common';
import { ActorId, PlaceHold, type AttentionOpened, type DataOf } from '@gantry/contracts';
import { AttentionDesk } from '../attention/attention-desk.js';
import { attentionAggregate } from '../streams/attention.aggregate.js';
import { holdAggregate } from '../streams/hold.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';
import { StreamRunner } from '../streams/stream-runner.js';

/** The newest position of the log, before and after. */
export interface Ends {
  readonly was: number;
  readonly now: number;
}

/** Tells people that the log was restored, and lets nothing begin until one of them says so. */
@Injectable()
export class RestoreDesk {
  constructor(
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(AttentionDesk) private readonly desk: AttentionDesk,
  ) {}

  /** Whether a replica has told of this restore. */
  async told(nth: number): Promise<boolean> {
    return (await this.streams.latest(attentionAggregate, keyOf(nth))).version > 0;
  }

  async tell(nth: number, ends: Ends): Promise<void> {
    const data = PlaceHold.schema.parse({
      holdId: holdIdOf(nth),
      rule: { kind: 'lock' },
      scope: { over: 'all' },
      reason: 'the log was restored from a backup: see its attention item',
    });
    await this.runner.run(holdAggregate, {
      id: data.holdId,
      input: { type: 'hold.place', data, by: ActorId.parse('gantry'), known: NOBODY },
      cause: {},
    });
    await this.desk.open(itemOf(nth, data.holdId, ends));
  }
}

const NOBODY = { applications: new Set(''), environments: new Set(''), pools: new Set('') };

const keyOf = (nth: number): string => `log.restored.${nth}`;

/** One hold for each restore, whichever replica places it. */
const holdIdOf = (nth: number): string =>
  `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`;

const itemOf = (nth: number, hold: string, { was, now }: Ends): DataOf<typeof AttentionOpened> => ({
  key: keyOf(nth),
  kind: 'log-restored',
  title: 'The log was restored from a backup, and lacks what happened since',
  detail:
    `It had reached position ${was} and ended at ${now} when it came back: up to ${Math.max(was - now, 1)} events are lost. ` +
    'Deployments that were under way in the backup are quarantined, and nothing begins. Numbers for hosts go on above all that were given out.',
  todo:
    'Compare pools and hosts with what is shown, resume or cancel each quarantined deployment, have build-watcher announce its builds again ' +
    `(remove its state), resync hosts that refuse (\`gantry hosts resync\`), then lift hold ${hold}.`,
});
