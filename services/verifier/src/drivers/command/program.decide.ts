import type { GateEvidence } from '@gantry/contracts';
import { inconclusive, type Outcome } from '../../ports/gate-driver.port.js';
import { excerptOf } from '../excerpt.js';
import type { ProgramEnd } from './run-program.js';

/** What a program's end means: its exit code is the verdict, and without one there is none. */
export function outcomeOfProgram(
  name: string,
  end: ProgramEnd,
  limits: { readonly deadlineMs: number; readonly maxOutputBytes: number },
): Outcome {
  const evidence = evidenceOf(end);
  switch (end.how) {
    case 'exited':
      return end.exitCode === 0
        ? { verdict: 'pass', summary: `${name} ended with exit code 0`, evidence }
        : {
            verdict: 'fail',
            summary: `${name} ended with exit code ${String(end.exitCode)}`,
            evidence,
          };
    case 'killed':
      return inconclusive(
        `${name} was ended by ${end.signal ?? 'a signal'}, not by itself`,
        evidence,
      );
    case 'late':
      return inconclusive(
        `${name} had not ended after ${limits.deadlineMs} ms and was stopped`,
        evidence,
      );
    case 'flood':
      return inconclusive(
        `${name} wrote more than ${limits.maxOutputBytes} bytes and was stopped`,
        evidence,
      );
    case 'not-started':
      return inconclusive(
        `${name} could not be started: ${end.problem ?? 'no reason known'}`,
        evidence,
      );
  }
}

function evidenceOf({ exitCode, signal, output }: ProgramEnd): GateEvidence {
  return {
    excerpt: excerptOf(output),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
  };
}
