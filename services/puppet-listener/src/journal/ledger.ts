import type { DesiredEntry, JournalEntry, RunEntry } from './journal-entry.js';
import { evolveRun, type RunState } from '../run-state.js';

/** What was last put in place under one Hiera key of one host. */
export interface DesiredMark {
  readonly cmdId: string;
  readonly seq: number;
  readonly epoch: number;
}

/** The journal, folded: all that this host remembers of commands. */
export interface Ledger {
  readonly notBefore: string | null;
  readonly seq: number;
  readonly epoch: number;
  readonly runs: ReadonlyMap<string, RunState>;
  /** Commands that only read, by id, with their sequence number: they may be answered again. */
  readonly seen: ReadonlyMap<string, number>;
  /** Runs of which this host has answered that it never saw them: should they still come, they are refused. */
  readonly disowned: ReadonlySet<string>;
  readonly desired: ReadonlyMap<string, DesiredMark>;
}

export const EMPTY_LEDGER: Ledger = {
  notBefore: null,
  seq: 0,
  epoch: 0,
  runs: new Map(),
  seen: new Map(),
  disowned: new Set(),
  desired: new Map(),
};

const KEPT_SEEN = 200;

/** Key of a desired-version mark. */
export const desiredKey = (host: string, key: string): string => `${host} ${key}`;

/** One entry more. */
export function evolveLedger(ledger: Ledger, entry: JournalEntry): Ledger {
  if (isRunEntry(entry)) return withRun(ledger, entry);
  switch (entry.kind) {
    case 'opened':
      return { ...ledger, notBefore: entry.notBefore };
    case 'mark':
      return raised(ledger, entry);
    case 'seen':
      // Raises no mark: what only reads must not make an owner's command look old.
      return {
        ...ledger,
        seen: newest(ledger.seen, entry.cmdId, entry.seq),
        disowned: withDisowned(ledger.disowned, entry.disowned),
      };
    case 'desired':
      return withDesired(ledger, entry);
  }
}

function withDesired(ledger: Ledger, entry: DesiredEntry): Ledger {
  const { cmdId, seq, epoch, host, keys } = entry;
  const marks = keys.map((key) => [desiredKey(host, key), { cmdId, seq, epoch }] as const);
  return { ...ledger, desired: new Map([...ledger.desired, ...marks]) };
}

function raised(ledger: Ledger, { seq, epoch }: { seq: number; epoch: number }): Ledger {
  return { ...ledger, seq: Math.max(ledger.seq, seq), epoch: Math.max(ledger.epoch, epoch) };
}

function withRun(ledger: Ledger, entry: RunEntry): Ledger {
  const cmdId = cmdIdOf(entry);
  const state = evolveRun(ledger.runs.get(cmdId), entry);
  if (state === undefined) return ledger;
  const more = { ...ledger, runs: new Map([...ledger.runs, [cmdId, state]]) };
  return entry.kind === 'accepted' ? raised(more, entry.command) : more;
}

const NOT_OF_A_RUN: ReadonlySet<string> = new Set(['opened', 'mark', 'seen', 'desired']);

/** Whether an entry is about one run. */
export const isRunEntry = (entry: JournalEntry): entry is RunEntry => !NOT_OF_A_RUN.has(entry.kind);

/** The command an entry is about. */
export const cmdIdOf = (entry: RunEntry): string =>
  entry.kind === 'accepted' ? entry.command.cmdId : entry.cmdId;

function withDisowned(
  disowned: ReadonlySet<string>,
  cmdId: string | undefined,
): ReadonlySet<string> {
  return cmdId === undefined ? disowned : new Set([...disowned, cmdId].slice(-KEPT_SEEN));
}

function newest(
  seen: ReadonlyMap<string, number>,
  cmdId: string,
  seq: number,
): ReadonlyMap<string, number> {
  return new Map([...seen, [cmdId, seq] as const].slice(-KEPT_SEEN));
}
