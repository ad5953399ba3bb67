import { Inject, Injectable } from '@nestjs/common';
import type { Fact } from '@gantry/domain';
import { ConcurrencyError, streamKey, type EventLog } from '@gantry/event-log';
import { HeldStreams, type Hold } from '../quarantine/held-streams.js';
import type { Aggregate } from './aggregate.js';
import { DecisionWriter, NothingToWrite } from './decision-writer.js';
import { Locked, OnceMore } from './locked.js';
import { EVENT_LOG, WAKE, type Wake } from './ports.js';
import type { Outcome, Run } from './run.js';
import { StreamFolder } from './stream-folder.js';

const MAX_ROUNDS = 8;

/**
 * Takes one input to one stream: one short transaction (lock, fold, decide, append), with no outside effect within it. What
 * it must lock is known for certain only inside: when something is missing, it is done again with that.
 */
@Injectable()
export class StreamRunner {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(StreamFolder) private readonly streams: StreamFolder,
    @Inject(DecisionWriter) private readonly writer: DecisionWriter,
    @Inject(WAKE) private readonly wake: Wake,
    @Inject(HeldStreams) private readonly held: HeldStreams,
  ) {}

  /** At most one list of events follows from one message. A stream that is held is not touched. */
  async run<S, F extends Fact, I extends object>(
    aggregate: Aggregate<S, F, I>,
    run: Run<I>,
  ): Promise<Outcome> {
    const key = streamKey({ type: aggregate.streamType, id: run.id });
    const worked = await this.held.working(key, workOf(run), () => this.take(aggregate, run));
    return 'held' in worked ? refusedFor(key, worked.held) : worked.done;
  }

  private async take<S, F extends Fact, I>(
    aggregate: Aggregate<S, F, I>,
    run: Run<I>,
  ): Promise<Outcome> {
    const known = await this.streams.latest(aggregate, run.id);
    const stream = { type: aggregate.streamType, id: run.id };
    let locked = Locked.of(
      [stream, ...(run.streams ?? []), ...this.writer.predict(aggregate, run, known)],
      [...(run.locks ?? []), ...aggregate.locksOf(known.state)],
    );
    for (let round = 1; ; round++) {
      try {
        return await this.attempt(aggregate, run, locked);
      } catch (error) {
        if (error instanceof NothingToWrite) return error.result;
        if (round >= MAX_ROUNDS) throw error;
        if (error instanceof OnceMore) locked = locked.with(error.missing);
        else if (error instanceof ConcurrencyError) this.streams.forget(aggregate, run.id);
        else throw error;
      }
    }
  }

  private async attempt<S, F extends Fact, I>(
    aggregate: Aggregate<S, F, I>,
    run: Run<I>,
    locked: Locked,
  ): Promise<Outcome> {
    const { messageId } = run.cause;
    const result = await this.log.transact({
      streams: locked.streams,
      locks: locked.names,
      ...(messageId === undefined ? {} : { inbox: { consumer: 'orchestrator', messageId } }),
      work: (tx) => this.writer.write(tx, aggregate, run, locked),
    });
    if (result.outcome === 'duplicate') return { outcome: 'duplicate' };
    this.streams.keep(aggregate, run.id, result.value);
    this.wake.appended();
    return { outcome: 'accepted', version: result.value.version };
  }
}

/** Names a piece of work so that it is known again when it comes again. */
const workOf = ({ input, cause }: Run<object>): string =>
  `${'type' in input ? String(input.type) : 'input'} ${cause.messageId ?? ''}`.trim();

function refusedFor(stream: string, { detail }: Hold): Outcome {
  const message = `${stream} is quarantined: ${detail}`;
  const todo = 'See its attention item; a deployment is released by resuming it.';
  const refusal = { status: 'conflict', code: 'quarantined', message, todo, findings: [] } as const;
  return { outcome: 'refused', refusal };
}
