import type { GateMoment, GateVerdict, Message } from '@gantry/contracts';
import type { Simulation } from '@gantry/testing/sim';
import type { GateAnswer } from '../scenario.js';

/** A run of a gate as the verifier saw it. */
export interface GateRunSeen {
  readonly gateRunId: string;
  readonly gate: string;
  readonly moment: GateMoment;
  readonly releaseId: string;
  readonly environment: string;
  readonly answer: GateAnswer;
  readonly askedAtMs: number;
  asks: number;
  tellings: number;
  cancelledAtMs: number | undefined;
  verdict: GateVerdict | undefined;
  /** When it had its verdict. */
  decidedAtMs: number | undefined;
}

const PASS: GateAnswer = { verdict: 'pass' };

/** What gates say, by a script, and the verifier's memory of its runs: one id is run once, and answered with the same verdict. */
export class GateModel {
  private readonly seen = new Map<string, GateRunSeen>();
  private readonly timesRun = new Map<string, number>();

  constructor(
    private readonly sim: Simulation,
    private readonly answers: Readonly<Record<string, readonly GateAnswer[]>>,
  ) {}

  get runs(): readonly GateRunSeen[] {
    return [...this.seen.values()];
  }

  /** A gate is asked for, for the first time or again. */
  asked({ data }: Message<'gate.requested'>): GateRunSeen {
    const { gateRunId, gate, moment, subject } = data;
    const run = this.seen.get(gateRunId) ?? {
      ...{ gateRunId, gate, moment: moment ?? 'before', releaseId: subject.releaseId ?? '' },
      ...{ environment: subject.environment, answer: this.nextAnswer(gate) },
      ...{ askedAtMs: this.sim.elapsedMs, asks: 0, tellings: 0 },
      ...{ cancelledAtMs: undefined, verdict: undefined, decidedAtMs: undefined },
    };
    run.asks += 1;
    this.seen.set(gateRunId, run);
    return run;
  }

  /** Its run is not wanted any more; what has a verdict keeps it. */
  cancelled(gateRunId: string): void {
    const run = this.seen.get(gateRunId);
    if (run === undefined) return;
    run.cancelledAtMs ??= this.sim.elapsedMs;
    this.sim.trace.note('gate', `${run.gate} in ${run.environment} is cancelled`);
    this.decide(run, 'inconclusive');
  }

  decide(run: GateRunSeen, verdict: GateVerdict): void {
    if (run.verdict !== undefined) return;
    run.verdict = verdict;
    run.decidedAtMs = this.sim.elapsedMs;
    this.sim.trace.note('gate', `${run.gate} in ${run.environment} (${run.moment}): ${verdict}`);
  }

  private nextAnswer(gate: string): GateAnswer {
    const answers = this.answers[gate] ?? [];
    const times = this.timesRun.get(gate) ?? 0;
    this.timesRun.set(gate, times + 1);
    return answers[times] ?? answers.at(-1) ?? PASS;
  }
}
