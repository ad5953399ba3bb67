import type { JournalTrouble } from '../journal/journal.js';
import type { Ledger } from '../journal/ledger.js';
import { policyProblem, type LocalPolicy } from './local-policy.js';
import type { FindKey } from './key-ring.js';
import { orderProblem } from './order-rules.js';
import { parseCommand, type ParsedCommand, type Role } from './parse-command.js';
import { refusal, type Refusal } from './refusal.js';
import { keyProblem, timeProblem } from './time-rules.js';
import { signerOf, type RawCommand } from './verify-command.js';

/** Whom a command must be addressed to. */
export interface Self {
  readonly role: Role;
  readonly certname: string;
  readonly keyId: string;
}

/** What the gate knows besides the command. */
export interface GateView {
  readonly self: Self;
  readonly findKey: FindKey;
  readonly ledger: Ledger;
  readonly trouble: JournalTrouble | undefined;
  /** The publisher runs nothing and has none. */
  readonly policy: LocalPolicy | undefined;
  readonly now: Date;
}

/** What the gate says of a message. */
export type GateAnswer =
  | { readonly kind: 'accepted'; readonly command: ParsedCommand }
  /** Known already: its outcome may be told again, nothing is done again. */
  | { readonly kind: 'repeat'; readonly command: ParsedCommand }
  /** For another Puppet server's publisher: all publishers hear the same topic. */
  | { readonly kind: 'not-ours' }
  | Refusal;

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
  if (typeof command === 'string') return refusal('unknown-command', 'refused', command);
  if (command.action === 'desired' && command.data.server !== view.self.certname) {
    return { kind: 'not-ours' };
  }
  return (
    audienceProblem(command, view.self) ??
    troubleProblem(command, view.trouble) ??
    known(command, view.ledger) ??
    keyProblem(command, signer) ??
    newProblem(command, view) ??
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

function newProblem(command: ParsedCommand, view: GateView): Refusal | undefined {
  return timeProblem(command, view) ?? orderProblem(command, view.ledger);
}

/** Everything else is in order: the last word is this host's own. */
function allowed(command: ParsedCommand, policy: LocalPolicy | undefined): GateAnswer {
  const problem = policy && policyProblem(policy, command);
  if (problem !== undefined) return refusal('forbidden', 'refused', problem, command);
  return { kind: 'accepted', command };
}
