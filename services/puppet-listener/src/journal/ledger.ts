import type { JournalEntry } from './journal-entry.js';
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
  readonly desired: ReadonlyMap<string, DesiredMark>;
}

export const EMPTY_LEDGER: Ledger = {
  notBefore: null,
  seq: 0,
  epoch: 0,
  runs: new Map(),
  seen: new Map(),
  desired: new Map(),
};

const KEPT_SEEN = 200;

/** Key of a desired-version mark. */
export const desiredKey = (host: string, key: string): string => `${host} ${key}`;

/** One entry more. */
export function evolveLedger(ledger: Ledger, entry: JournalEntry): Ledger {
  switch (entry.kind) {
    case 'opened':
      return { ...ledger, notBefore: entry.notBefore };
    case 'mark':
      return raised(ledger, entry);
    case 'seen':
      return raised({ ...ledger, seen: newest(ledger.seen, entry.cmdId, entry.seq) }, entry);
    case 'accepted':
      return raised(withRun(ledger, entry.command.cmdId, entry), entry.command);
    case 'starting':
    case 'started':
    case 'finished':
    case 'verified':
    case 'confirmed':
      return withRun(ledger, entry.cmdId, entry);
    case 'desired': {
      const { cmdId, seq, epoch } = entry;
      const marks = entry.keys.map((key) => [desiredKey(entry.host, key), { cmdId, seq, epoch }] as const);
      return { ...ledger, desired: new Map([...ledger.desired, ...marks]) };
    }
  }
}

function raised(ledger: Ledger, { seq, epoch }: { seq: number; epoch: number }): Ledger {
  return { ...ledger, seq: Math.max(ledger.seq, seq), epoch: Math.max(ledger.epoch, epoch) };
}

function withRun(ledger: Ledger, cmdId: string, entry: JournalEntry): Ledger {
  const state = evolveRun(ledger.runs.get(cmdId), entry);
  return state === undefined ? ledger : { ...ledger, runs: new Map([...ledger.runs, [cmdId, state]]) };
}

function newest(seen: ReadonlyMap<string, number>, cmdId: string, seq: number): ReadonlyMap<string, number> {
  return new Map([...seen, [cmdId, seq] as const].slice(-KEPT_SEEN));
}
