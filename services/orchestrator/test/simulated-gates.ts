import { GateFinished, type DataOf, type Message } from '@gantry/contracts';
import { answer, type Answer } from './simulated-answers.js';

type Verdict = DataOf<typeof GateFinished>['verdict'];
type GateRequest = Message<'gate.requested' | 'gate.cancel-requested'>;

/** Stands where the verifier stands: each gate says what the test wants it to say. */
export class SimulatedGates {
  readonly asked: Message<'gate.requested'>['data'][] = [];
  private readonly verdicts = new Map<string, Verdict>();

  /** From now on the gate says so. */
  says(gate: string, verdict: Verdict): void {
    this.verdicts.set(gate, verdict);
  }

  carryOut(request: GateRequest): readonly Answer[] {
    if (request.type !== 'gate.requested') return [];
    const { gateRunId, gate } = request.data;
    this.asked.push(request.data);
    const verdict = this.verdicts.get(gate) ?? 'pass';
    const at = new Date().toISOString();
    const summary = `it was told to say ${verdict}`;
    const times = { startedAt: at, endedAt: at };
    return [answer(GateFinished, { gateRunId, gate, verdict, summary, evidence: {}, ...times })];
  }
}
