import type { JournalTrouble } from '../journal/journal.js';
import type { Ledger } from '../journal/ledger.js';
import type { FindKey } from './key-ring.js';
import type { LocalPolicy } from './local-policy.js';
import type { ParsedCommand, Role } from './parse-command.js';
import type { Refusal } from './refusal.js';

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
