import { GantryError, isGantryError, messageOf } from '@gantry/service-kit';
import { inconclusive, type Outcome } from '../ports/gate-driver.port.js';
import { StopReason } from '../ports/stop-reason.js';
import type { VerifierMetrics } from '../verifier-metrics.js';
import { BoundedMap } from './bounded-map.js';
import { runGate, stopped, type GateRequest, type RunTools } from './gate-run.js';
import type { FinishedRun } from './run-record.js';
import { Turns } from './turns.js';

/** Runs remembered: whoever asks again later than that is answered from the ledger. */
const KEPT = 500;

interface Running {
  readonly ending: AbortController;
  readonly result: Promise<FinishedRun>;
}

/** All runs of this process: each id once, so many at a time, and none when it is cancelled. */
export class GateRuns {
  private readonly running = new Map<string, Running>();
  private readonly finished = new BoundedMap<FinishedRun>(KEPT);
  /** Cancelled before they were asked for: messages of two groups may overtake each other. */
  private readonly cancelled = new BoundedMap<string>(KEPT);
  private readonly turns: Turns;
  private stopping = false;

  constructor(
    private readonly tools: RunTools,
    private readonly metrics: VerifierMetrics,
    limit: number,
  ) {
    this.turns = new Turns(limit);
  }

  /** Runs the gate, joins the run, or tells how it ended. Rejects with `unavailable` when the next process is to do it. */
  run(request: GateRequest): Promise<FinishedRun> {
    const { gateRunId } = request.data;
    const known = this.finished.get(gateRunId);
    if (known !== undefined) return Promise.resolve(known);
    return (this.running.get(gateRunId) ?? this.begin(request)).result;
  }

  cancel(gateRunId: string, reason: string): void {
    const running = this.running.get(gateRunId);
    if (running !== undefined) {
      running.ending.abort(new StopReason('cancelled', `cancelled: ${reason}`));
      return;
    }
    if (this.finished.get(gateRunId) === undefined) this.cancelled.set(gateRunId, reason);
  }

  /** Ends what runs: programs at once, and what goes on elsewhere is left for the next process. */
  stop(): void {
    this.stopping = true;
    for (const { ending } of this.running.values())
      ending.abort(new StopReason('stopping', 'the verifier stops'));
  }

  private begin(request: GateRequest): Running {
    const { gateRunId } = request.data;
    const ending = new AbortController();
    const run = { ending, result: this.toItsEnd(request, ending.signal) };
    this.running.set(gateRunId, run);
    const forget = (): void => void this.running.delete(gateRunId);
    run.result.then((result) => {
      this.finished.set(gateRunId, result);
      forget();
    }, forget);
    return run;
  }

  private async toItsEnd(request: GateRequest, signal: AbortSignal): Promise<FinishedRun> {
    const result = await this.itsTurn(request, signal);
    this.metrics.told(request.data.spec.kind, result.verdict);
    return result;
  }

  private async itsTurn(request: GateRequest, signal: AbortSignal): Promise<FinishedRun> {
    if (this.stopping) throw new GantryError('unavailable', 'gate.stopping', 'The verifier stops.');
    const hindrance = this.hindranceOf(request);
    if (hindrance !== undefined) return this.notRun(inconclusive(hindrance));
    let endTurn: () => void;
    try {
      endTurn = await this.turns.take(signal);
    } catch {
      return this.notRun(stopped(signal, true));
    }
    const { kind } = request.data.spec;
    const startedAt = performance.now();
    this.metrics.began(kind);
    try {
      return await runGate(request, this.tools, signal);
    } catch (error) {
      if (isGantryError(error) && error.kind === 'unavailable') throw error;
      this.tools.unexpected(request, error);
      return this.notRun(inconclusive(`the gate could not be run: ${messageOf(error)}`));
    } finally {
      this.metrics.ended(kind, (performance.now() - startedAt) / 1_000);
      endTurn();
    }
  }

  private hindranceOf({ data }: GateRequest): string | undefined {
    const { gateRunId, expiresAt } = data;
    const reason = this.cancelled.get(gateRunId);
    if (reason !== undefined) return `cancelled before it began: ${reason}`;
    if (expiresAt !== undefined && Date.parse(expiresAt) <= this.now().getTime())
      return `not begun: it was to be run before ${expiresAt}`;
    return undefined;
  }

  private notRun(outcome: Outcome): FinishedRun {
    const at = this.now().toISOString();
    return { ...outcome, summary: outcome.summary.slice(0, 1_000), startedAt: at, endedAt: at };
  }

  private now(): Date {
    return this.tools.clock.now();
  }
}
