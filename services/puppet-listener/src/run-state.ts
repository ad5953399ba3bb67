import type { InstalledPackage } from '@gantry/contracts';
import type { ProcessIdentity } from './host/process-identity.js';
import type {
  Health,
  Outcome,
  ReplyKind,
  RunCommandData,
  RunEntry,
} from './journal/journal-entry.js';
import type { CommandContext } from './security/command-context.js';

/**
 * The life of one run command on this host, as the journal tells it.
 *
 * - `accepted`: checked and written down; nothing has been done.
 * - `starting`: Puppet is about to be started. From here on it is never started again for this command.
 * - `started`: its process is known.
 * - `finished`: judged. A converged real run with a health check is not over yet.
 * - `verified`: the health check has given its answer.
 */
export type RunState = RunFacts &
  (
    | { readonly status: 'accepted' }
    | ({ readonly status: 'starting' } & Begun)
    | ({ readonly status: 'started'; readonly process: ProcessIdentity } & Begun)
    | { readonly status: 'finished'; readonly outcome: Outcome }
    | { readonly status: 'verified'; readonly outcome: Outcome; readonly health: Health }
  );

interface RunFacts {
  readonly command: RunCommandData;
  readonly context: CommandContext;
  readonly confirmed: readonly ReplyKind[];
  /** When Puppet was started, if it ever was. */
  readonly startedAt: string | null;
}

/** What is known once a start was decided. */
export interface Begun {
  readonly bootId: string;
  readonly before: readonly InstalledPackage[];
}

/** One journal entry later. An entry that does not fit the state changes nothing: the journal may repeat itself. */
export function evolveRun(state: RunState | undefined, entry: RunEntry): RunState | undefined {
  if (entry.kind === 'accepted') {
    const { command, context } = entry;
    return state ?? { status: 'accepted', command, context, confirmed: [], startedAt: null };
  }
  return state === undefined ? undefined : (evolveKnown(state, entry) ?? state);
}

function evolveKnown(
  state: RunState,
  entry: Exclude<RunEntry, { kind: 'accepted' }>,
): RunState | undefined {
  switch (entry.kind) {
    case 'starting': {
      const { at: startedAt, bootId, before } = entry;
      if (state.status !== 'accepted') return undefined;
      return { ...state, status: 'starting', startedAt, bootId, before };
    }
    case 'started':
      if (state.status !== 'starting') return undefined;
      return { ...state, status: 'started', process: entry.process };
    case 'finished':
      return isOver(state)
        ? undefined
        : { ...factsOf(state), status: 'finished', outcome: entry.outcome };
    case 'verified':
      if (state.status !== 'finished') return undefined;
      return { ...state, status: 'verified', health: entry.health };
    case 'confirmed':
      return withConfirmed(state, entry.reply);
  }
}

function factsOf({ command, context, confirmed, startedAt }: RunState): RunFacts {
  return { command, context, confirmed, startedAt };
}

function withConfirmed(state: RunState, reply: ReplyKind): RunState {
  if (state.confirmed.includes(reply)) return state;
  return { ...state, confirmed: [...state.confirmed, reply] };
}

/** Whether Puppet's part is over. */
export function isOver(state: RunState): state is RunState & { readonly outcome: Outcome } {
  return state.status === 'finished' || state.status === 'verified';
}

/** Whether nothing more will happen for this command. */
export function isSettled(state: RunState): boolean {
  return (
    state.status === 'verified' ||
    (state.status === 'finished' && !needsHealth(state.command, state.outcome))
  );
}

/** The health check is asked only of a real run that brought the wanted state. */
export function needsHealth(command: RunCommandData, outcome: Outcome): boolean {
  return command.health !== null && !command.noop && outcome.verdict.kind === 'converged';
}

/** What to do for a command the journal knows when the listener starts. */
export type Recovery =
  | { readonly act: 'nothing' }
  | { readonly act: 'verify' }
  | { readonly act: 'adopt'; readonly process: ProcessIdentity }
  | { readonly act: 'judge' }
  | { readonly act: 'give-up'; readonly detail: string };

/** Decides how to go on after a restart; `process` is the run's, if it is found alive. Puppet is never started here: who wants another run sends another command. */
export function recover(state: RunState, process: ProcessIdentity | undefined): Recovery {
  switch (state.status) {
    case 'accepted':
      return {
        act: 'give-up',
        detail: 'The listener stopped before Puppet was started; the host is as it was.',
      };
    case 'starting':
    case 'started':
      // The verdict reads the report, the log and the RPM database, and knows what a missing report means.
      return process === undefined ? { act: 'judge' } : { act: 'adopt', process };
    case 'finished':
      return needsHealth(state.command, state.outcome) ? { act: 'verify' } : { act: 'nothing' };
    case 'verified':
      return { act: 'nothing' };
  }
}

/** The replies that stand for a state, in the order they were made. */
export function repliesOf(state: RunState): readonly ReplyKind[] {
  const started: readonly ReplyKind[] =
    state.startedAt === null || state.status === 'starting' ? [] : ['started'];
  if (state.status === 'verified') return [...started, 'finished', 'health'];
  return state.status === 'finished' ? [...started, 'finished'] : started;
}

/** How a query is answered while there is no outcome. */
export function statusOf(state: RunState | undefined): 'never-seen' | 'running' | 'verifying' {
  if (state === undefined) return 'never-seen';
  return isOver(state) ? 'verifying' : 'running';
}
