import type { GateEvidence } from '@gantry/contracts';
import { inconclusive, type Outcome } from '../../ports/gate-driver.port.js';

/** What a build's result means. A build that was stopped or never ran says nothing about what it was to test. */
export function outcomeOfResult(result: string, evidence: GateEvidence): Outcome {
  const summary = `Jenkins says ${result}`;
  const told = { ...evidence, result };
  switch (result) {
    case 'SUCCESS':
      return { verdict: 'pass', summary, evidence: told };
    case 'FAILURE':
    case 'UNSTABLE':
      return { verdict: 'fail', summary, evidence: told };
    default:
      return inconclusive(summary, told);
  }
}

/** Trouble that asking again cures; anything else would stay as it is until somebody looks. */
export function mayPass(code: string): boolean {
  return code === 'gate.unreachable' || code === 'gate.jenkins-answer';
}
