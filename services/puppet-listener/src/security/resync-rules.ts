import type { GateAnswer, GateView } from './gate-view.js';
import type { TrustedKey } from './key-ring.js';
import type { ParsedCommand } from './parse-command.js';
import { refusal } from './refusal.js';
import { keyProblem, timeProblem } from './time-rules.js';

type Resync = Extract<ParsedCommand, { action: 'resync' }>;

/**
 * A resync is for a listener without a journal and for no other: played again later it finds a whole journal, or, if that was
 * lost once more, a number it has had. The numbers come from the log, where every command before was given a lower one.
 */
export function checkResync(command: Resync, signer: TrustedKey, view: GateView): GateAnswer {
  const { trouble } = view;
  if (trouble?.why !== 'needs-resync') return notNeeded(command, view);
  const problem = keyProblem(command, signer) ?? timeProblem(command, view);
  if (problem !== undefined) return problem;
  const { seq, epoch } = command.data;
  if (epoch > seq || seq <= trouble.lastResync) {
    const detail = `sequence ${seq} is not above ${trouble.lastResync}, with which the journal was begun anew before`;
    return refusal('old-seq', 'refused', detail, command);
  }
  return { kind: 'accepted', command };
}

function notNeeded(command: Resync, { trouble, ledger }: GateView): GateAnswer {
  const { cmdId, seq } = command.data;
  if (trouble !== undefined) return refusal('not-needed', trouble.why, trouble.detail, command);
  if (ledger.seen.get(cmdId) === seq) return { kind: 'repeat', command };
  const detail = 'the journal is whole: there is nothing to begin anew';
  return refusal('not-needed', 'refused', detail, command);
}
