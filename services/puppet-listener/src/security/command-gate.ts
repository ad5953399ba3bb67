import type { NotRunWhy } from '@gantry/contracts';
import type { JournalTrouble } from '../journal/journal.js';
import { desiredKey, type Ledger } from '../journal/ledger.js';
import { policyProblem, type LocalPolicy } from './local-policy.js';
import type { FindKey } from './key-ring.js';
import { parseCommand, type ParsedCommand, type Role } from './parse-command.js';
import { signatureProblem, type RawCommand } from './verify-command.js';

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

/** A refused message. Only what a trusted dispatcher signed is answered; the rest is counted. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly why: NotRunWhy;
  readonly detail: string;
  readonly command?: ParsedCommand;
}

const MAX_WINDOW_MS = 120_000;
const SKEW_MS = 30_000;

/**
 * Checks a message in the order that costs an attacker most: size, key, signature over the raw bytes, and only then the content:
 * shape, audience, memory of the command itself, time window, epoch, sequence, and what this host lets itself be told at all.
 */
export function checkCommand(raw: RawCommand, view: GateView): GateAnswer {
  const problem = signatureProblem(raw, view.findKey);
  if (problem !== undefined) return refusal(problem, 'refused', 'no trusted dispatcher signed it');
  const command = parseCommand(raw.body, view.self.role);
  if (typeof command === 'string') return refusal('unknown-command', 'refused', command);
  if (command.action === 'desired' && command.data.server !== view.self.certname) {
    return { kind: 'not-ours' };
  }
  return (
    audienceProblem(command, view.self) ??
    troubleProblem(command, view.trouble) ??
    known(command, view.ledger) ??
    timeProblem(command, view) ??
    orderProblem(command, view.ledger) ??
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

function timeProblem(command: ParsedCommand, { now, ledger }: GateView): Refusal | undefined {
  const issued = Date.parse(command.data.iat);
  const expires = Date.parse(command.data.exp);
  if (expires <= issued || expires - issued > MAX_WINDOW_MS) {
    return refusal('bad-window', 'refused', `it may live ${MAX_WINDOW_MS} ms at most`, command);
  }
  if (issued > now.getTime() + SKEW_MS) {
    return refusal(
      'from-the-future',
      'refused',
      'it was issued in the future: compare the clocks',
      command,
    );
  }
  if (now.getTime() > expires + SKEW_MS) {
    return refusal('expired', 'expired', `it expired at ${command.data.exp}`, command);
  }
  if (ledger.notBefore !== null && issued <= Date.parse(ledger.notBefore) + SKEW_MS) {
    return refusal(
      'before-resync',
      'refused',
      'it was issued before the journal was begun anew',
      command,
    );
  }
  return undefined;
}

function orderProblem(command: ParsedCommand, ledger: Ledger): GateAnswer | undefined {
  if (command.action === 'desired') return desiredOrder(command, ledger);
  // Reading changes nothing, and whoever surveys is not the owner: a survey drawn later may overtake an owner's run on its way here.
  if (command.action !== 'run') return undefined;
  const { epoch, seq } = command.data;
  if (epoch < ledger.epoch) {
    return refusal(
      'old-epoch',
      'refused',
      `epoch ${epoch} is behind ${ledger.epoch}: its sender is no longer the owner`,
      command,
    );
  }
  if (seq <= ledger.seq) {
    return refusal(
      'old-seq',
      'refused',
      `sequence ${seq} is not above ${ledger.seq}: a newer command was here`,
      command,
    );
  }
  return undefined;
}

/** Everything else is in order: the last word is this host's own. */
function allowed(command: ParsedCommand, policy: LocalPolicy | undefined): GateAnswer {
  const problem = policy && policyProblem(policy, command);
  if (problem !== undefined) return refusal('forbidden', 'refused', problem, command);
  return { kind: 'accepted', command };
}

/** Sequences rise per host, and a publisher serves many hosts: each Hiera key of each host has a mark of its own. */
function desiredOrder(
  { data, ...rest }: Extract<ParsedCommand, { action: 'desired' }>,
  ledger: Ledger,
): GateAnswer | undefined {
  const command: ParsedCommand = { ...rest, data };
  const marks = data.versions.map((v) => ledger.desired.get(desiredKey(data.host, v.hieraKey)));
  const newer = marks.find((m) => m !== undefined && (m.seq > data.seq || m.epoch > data.epoch));
  if (newer !== undefined) {
    const detail = `sequence ${data.seq} of ${data.host} is older than ${newer.seq}, which is in place`;
    return refusal('old-seq', 'refused', detail, command);
  }
  const same = marks.filter((m) => m?.seq === data.seq);
  if (same.some((m) => m?.cmdId !== data.cmdId)) {
    return refusal('id-reused', 'refused', 'its sequence was used by another command', command);
  }
  // A crash may lie between the mark and the file: writing the same file again is the cure, so a repeat is done again.
  return undefined;
}

function refusal(code: string, why: NotRunWhy, detail: string, command?: ParsedCommand): Refusal {
  return command === undefined
    ? { kind: 'refused', code, why, detail }
    : { kind: 'refused', code, why, detail, command };
}
