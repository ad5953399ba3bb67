import type {
  DataOf,
  HostHealthObserved,
  HostRunCommand,
  HostRunFinished,
  InstalledPackage,
} from '@gantry/contracts';
import type { ProcessIdentity } from '../host/process-identity.js';
import type { CommandContext } from '../security/command-context.js';

/** A command to run Puppet, as received. */
export type RunCommandData = DataOf<typeof HostRunCommand>;

type ReplyBase = 'host' | 'keyId' | 'cmdId' | 'stream' | 'commandHash' | 'bootId' | 'replySeq';
/** What is known of a run when it is over. */
export type Outcome = Omit<DataOf<typeof HostRunFinished>, ReplyBase>;
/** What the application's health check said. */
export type Health = Omit<DataOf<typeof HostHealthObserved>, ReplyBase>;

/** Which of a command's replies the broker has confirmed. */
export type ReplyKind = 'started' | 'finished' | 'health';

/** One line of the journal. What is not in it has not happened. */
export type JournalEntry = LedgerEntry | DesiredEntry | RunEntry;

/** What concerns the host's memory as a whole. */
type LedgerEntry =
  | {
      readonly kind: 'opened';
      readonly format: 1;
      readonly at: string;
      /** Commands issued before this instant are refused for good: the memory of them is lost. */
      readonly notBefore: string | null;
    }
  | { readonly kind: 'mark'; readonly seq: number; readonly epoch: number }
  | {
      readonly kind: 'seen';
      readonly cmdId: string;
      readonly seq: number;
      readonly epoch: number;
      /** The run that was asked about and had never come here: from now on it is refused. */
      readonly disowned?: string;
    };

/** What concerns one run. */
export type RunEntry =
  | {
      readonly kind: 'accepted';
      readonly context: CommandContext;
      readonly command: RunCommandData;
    }
  | {
      readonly kind: 'starting';
      readonly cmdId: string;
      readonly at: string;
      readonly bootId: string;
      readonly before: readonly InstalledPackage[];
    }
  | { readonly kind: 'started'; readonly cmdId: string; readonly process: ProcessIdentity }
  | { readonly kind: 'finished'; readonly cmdId: string; readonly outcome: Outcome }
  | { readonly kind: 'verified'; readonly cmdId: string; readonly health: Health }
  | { readonly kind: 'confirmed'; readonly cmdId: string; readonly reply: ReplyKind };

/** The publisher is about to put versions in place: written before the file is. */
export interface DesiredEntry {
  readonly kind: 'desired';
  readonly cmdId: string;
  readonly host: string;
  readonly keys: readonly string[];
  readonly seq: number;
  readonly epoch: number;
}
