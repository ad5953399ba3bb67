import type { GateSpecOf } from '@gantry/contracts';
import { inconclusive, type GateDriver, type Outcome } from '../ports/gate-driver.port.js';

/** A question to a person is not the verifier's to answer. */
export class ManualDriver implements GateDriver<'manual'> {
  readonly resumes = true;

  run({ question }: GateSpecOf<'manual'>): Promise<Outcome> {
    return Promise.resolve(inconclusive(`waits for a person: ${question}`));
  }
}
