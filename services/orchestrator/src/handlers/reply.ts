import type { CommandReply } from '@gantry/contracts';
import type { Outcome } from '../streams/run.js';

/** What the asker is told. A duplicate was accepted before: it gets the same answer. */
export function replyOf(outcome: Outcome, subject: string): CommandReply {
  switch (outcome.outcome) {
    case 'accepted':
      return { outcome: 'accepted', subject, version: outcome.version };
    case 'duplicate':
      return { outcome: 'accepted', subject };
    case 'ignored':
      return { outcome: 'ignored', because: outcome.because };
    case 'refused': {
      const { code, message, todo, status, findings } = outcome.refusal;
      return { outcome: 'refused', code, message, todo, status, findings: [...findings] };
    }
  }
}
