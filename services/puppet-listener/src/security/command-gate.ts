import type { JournalTrouble } from '../journal/journal.js';
import type { Ledger } from '../journal/ledger.js';
import { policyProblem, type LocalPolicy } from './local-policy.js';
import type { GateAnswer, GateView, Self } from './gate-view.js';
import type { TrustedKey } from './key-ring.js';
import { orderProblem } from './order-rules.js';
import { parseCommand, type ParsedCommand, type Unread } from './parse-command.js';
import { refusal, type Refusal } from './refusal.js';
import { checkResync } from './resync-rules.js';
import { keyProblem, timeProblem } from './time-rules.js';
import { signerOf, type RawCommand } from './verify-command.js';

/**
 * Checks a message in the order that costs an attacker most: size, key, signature over the raw bytes, and only then the content:
 * shape, audience, memory of the command itself, the key's lifetime, time window, epoch, sequence, and what this host lets itself
 * be told at all.
 */
export function checkCommand(raw: RawCommand, view: GateView): GateAnswer {
  const signer = signerOf(raw, view.findKey);
  if (typeof signer === 'string')
    return refusal(signer, 'refused', 'no trusted dispatcher signed it');
  const command = parseCommand(raw.body, view.self.role);
  if ('problem' in command) return unread(command, view.self);
  if (isOthers(command, view.self)) return { kind: 'not-ours' };
  const problem = audienceProblem(command, view.self);
  if (problem !== undefined) return problem;
  return command.action === 'resync'
    ? checkResync(command, signer, view)
    : checkOrder(command, signer, view);
}

/** What cannot be understood is answered all the same, when it is for this very listener: nobody shall take silence for work. */
function unread({ problem, answerTo }: Unread, self: Self): Refusal {
  const refused = refusal('unknown-command', 'refused', problem);
  const ours = answerTo?.aud.host === self.certname && answerTo.aud.keyId === self.keyId;
  return ours ? { ...refused, unread: answerTo } : refused;
}

/** All publishers hear the same topic. */
function isOthers(command: ParsedCommand, self: Self): boolean {
  if (self.role !== 'publisher') return false;
  const whose = command.action === 'desired' ? command.data.server : command.data.aud.host;
  return whose !== self.certname;
}

function checkOrder(command: ParsedCommand, signer: TrustedKey, view: GateView): GateAnswer {
  return (
    troubleProblem(command, view.trouble) ??
    known(command, view.ledger) ??
    disowned(command, view.ledger) ??
    newProblem(command, signer, view) ??
    allowed(command, view.policy)
  );
}

function audienceProblem(command: ParsedCommand, self: Self): Refusal | undefined {
  const { aud, cmdId } = command.data;
  if (aud.host !== self.certname) {
    return refusal('other-host', 'refused', `it is addressed to ${aud.host}`);
  }
  if (aud.keyId !== self.keyId) {
    const detail = `it is addressed to key ${aud.keyId} of this host, whose key is ${self.keyId}: enrol the present key`;
    return refusal('other-key', 'refused', detail, command);
  }
  // It becomes an argument of Puppet's command line.
  if (cmdId.startsWith('-')) return refusal('bad-id', 'refused', 'its id begins with a dash');
  return undefined;
}

function troubleProblem(
  command: ParsedCommand,
  trouble: JournalTrouble | undefined,
): Refusal | undefined {
  return trouble && refusal(trouble.why, trouble.why, trouble.detail, command);
}

/** A command the journal knows is answered from it even when it is out of date: "expired" would be untrue of one that ran. */
function known(command: ParsedCommand, ledger: Ledger): GateAnswer | undefined {
  const { cmdId, seq } = command.data;
  const before =
    command.action === 'desired'
      ? undefined
      : (ledger.runs.get(cmdId)?.command.seq ?? ledger.seen.get(cmdId));
  if (before === undefined) return undefined;
  if (before === seq && ledger.runs.has(cmdId) === (command.action === 'run'))
    return { kind: 'repeat', command };
  return refusal('id-reused', 'refused', 'its id was used by another command of this host');
}

/** Its owner was told that it never came here, and has sent another in its place. */
function disowned(command: ParsedCommand, ledger: Ledger): Refusal | undefined {
  if (command.action !== 'run' || !ledger.disowned.has(command.data.cmdId)) return undefined;
  const detail = 'this host has answered before that it never saw it';
  return refusal('disowned', 'expired', detail, command);
}

function newProblem(
  command: ParsedCommand,
  signer: TrustedKey,
  view: GateView,
): Refusal | undefined {
  return (
    keyProblem(command, signer) ?? timeProblem(command, view) ?? orderProblem(command, view.ledger)
  );
}

/** Everything else is in order: the last word is this host's own. */
function allowed(command: ParsedCommand, policy: LocalPolicy | undefined): GateAnswer {
  const problem = policy && policyProblem(policy, command);
  if (problem !== undefined) return refusal('forbidden', 'refused', problem, command);
  return { kind: 'accepted', command };
}
