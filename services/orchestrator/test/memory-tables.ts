import type { HostStanding } from '@gantry/contracts';
import { standingAfter, type Fact, type HostClaim } from '@gantry/domain';
import type { LogTransaction } from '@gantry/event-log';
import type { Allocations, Held, Reading } from '../src/persistence/allocations.repository.js';
import type { Timers } from '../src/persistence/timers.repository.js';

type Slot = Parameters<Allocations['replaceSlot']>[2] & object;
type Tx = object;

interface ClaimRow extends HostClaim {
  readonly stream: string;
}

interface TimerRow {
  readonly dueMs: number;
  readonly wantsPlace: boolean;
}

const FENCE_BLOCK = 10_000;

/**
 * Claims, slots and timers without a database, by the suite that the repositories pass on Postgres. Writes are seen at once
 * and taken back by `rollback`: whoever plays transactions on it lets each go to its end without a pause between two writes.
 */
export class MemoryTables implements Allocations, Timers {
  readonly claims = new Map<string, ClaimRow>();
  readonly slots = new Map<string, Slot & { readonly stream: string }>();
  readonly timers = new Map<string, TimerRow>();
  readonly standings = new Map<string, HostStanding & { readonly stream: string }>();
  private fence = 0;
  private readonly undo = new WeakMap<Tx, (() => void)[]>();

  constructor(private readonly nowMs: () => number) {}

  read(_tx: Pick<LogTransaction, 'query'>, stream: string): Promise<Reading> {
    this.fence += FENCE_BLOCK;
    const others = [...this.claims.values()].filter((row) => row.stream !== stream);
    const heldInPools = new Map<string, string[]>();
    const runsOn = new Map<string, number>();
    for (const { members, servers } of others) {
      for (const { pool, member } of members)
        heldInPools.set(pool, [...(heldInPools.get(pool) ?? []), member]);
      for (const server of servers) runsOn.set(server, (runsOn.get(server) ?? 0) + 1);
    }
    const claimed = new Set(others.map((row) => row.host));
    return Promise.resolve({ fence: this.fence, admission: { claimed, heldInPools, runsOn } });
  }

  occupant(_tx: Tx, application: string, environment: string): Promise<string | undefined> {
    return Promise.resolve(this.slots.get(slotKey({ application, environment }))?.stream);
  }

  heldBy(_tx: Tx, stream: string): Promise<Held> {
    const mine = <R extends { readonly stream: string }>(rows: Iterable<R>): R[] =>
      [...rows].filter((row) => row.stream === stream);
    return Promise.resolve({
      claims: mine(this.claims.values()).map(({ host, epoch }) => ({ host, epoch })),
      slot: mine(this.slots.values()).length > 0,
      timer: this.timers.has(stream),
    });
  }

  replaceClaims(
    tx: Tx,
    stream: string,
    before: Held['claims'],
    after: readonly HostClaim[],
  ): Promise<boolean> {
    const kept = new Set(after.map(keyOf));
    const had = new Set(before.map(keyOf));
    const gone = before.filter((claim) => !kept.has(keyOf(claim)));
    for (const { host } of gone)
      if (this.claims.get(host)?.stream === stream) this.write(tx, this.claims, host, undefined);
    if (gone.length > 0) this.wakeWhoWaits(tx, stream);
    const fresh = after.filter((claim) => !had.has(keyOf(claim)));
    const free = fresh.filter(({ host }) => (this.claims.get(host)?.stream ?? stream) === stream);
    for (const claim of free) this.write(tx, this.claims, claim.host, { ...claim, stream });
    return Promise.resolve(free.length === fresh.length);
  }

  replaceSlot(tx: Tx, stream: string, slot: Slot | undefined): Promise<boolean> {
    if (slot === undefined) {
      for (const [key, row] of this.slots)
        if (row.stream === stream) this.write(tx, this.slots, key, undefined);
      return Promise.resolve(true);
    }
    const { application, environment } = slot;
    const key = slotKey(slot);
    const free = (this.slots.get(key)?.stream ?? stream) === stream;
    if (free) this.write(tx, this.slots, key, { application, environment, stream });
    return Promise.resolve(free);
  }

  stand(tx: Tx, stream: string, facts: readonly Fact[]): Promise<void> {
    for (const fact of facts) {
      const after = standingAfter(fact);
      if (after === undefined) continue;
      const host = after.change === 'asked' ? after.standing.host : after.host;
      const known = this.standings.get(host);
      if (after.change === 'asked')
        this.write(tx, this.standings, host, { ...after.standing, stream });
      else if (known?.stream === stream)
        this.write(tx, this.standings, host, { ...known, standing: after.standing });
    }
    return Promise.resolve();
  }

  /** Where hosts stand with load balancers; of those that are out, where they are members. */
  lately(): Promise<readonly HostStanding[]> {
    const rows = [...this.standings.values()].map(({ stream: _, ...row }) => row);
    return Promise.resolve(
      rows.map((row) => (row.standing === 'out' ? row : { ...row, memberships: [] })),
    );
  }

  setTimer(tx: Tx, stream: string, due: string | undefined, wantsPlace: boolean): Promise<void> {
    const row = due === undefined ? undefined : { dueMs: Date.parse(due), wantsPlace };
    this.write(tx, this.timers, stream, row);
    return Promise.resolve();
  }

  takeDue(limit: number, pushBackMs: number): Promise<readonly string[]> {
    const due = [...this.timers]
      .filter(([, { dueMs }]) => dueMs <= this.nowMs())
      .sort(([, a], [, b]) => a.dueMs - b.dueMs)
      .slice(0, limit);
    for (const [stream, row] of due)
      this.timers.set(stream, { ...row, dueMs: this.nowMs() + pushBackMs });
    return Promise.resolve(due.map(([stream]) => stream));
  }

  holders(): Promise<readonly string[]> {
    const rows = [...this.claims.values(), ...this.slots.values()];
    return Promise.resolve([...new Set([...rows.map((row) => row.stream), ...this.timers.keys()])]);
  }

  /** Takes back what this transaction wrote; fencing numbers stay used up, as a sequence's do. */
  rollback(tx: Tx): void {
    for (const undo of (this.undo.get(tx) ?? []).reverse()) undo();
    this.undo.delete(tx);
  }

  /** Somebody empties the tables; where hosts stand is filled from the log again, so it is left as it is. */
  clear(): void {
    for (const table of [this.claims, this.slots, this.timers]) table.clear();
  }

  private wakeWhoWaits(tx: Tx, stream: string): void {
    const dueMs = this.nowMs();
    for (const [key, row] of this.timers)
      if (row.wantsPlace && key !== stream && row.dueMs > dueMs)
        this.write(tx, this.timers, key, { ...row, dueMs });
  }

  private write<R>(tx: Tx, table: Map<string, R>, key: string, row: R | undefined): void {
    const before = table.get(key);
    const put = (value: R | undefined): void => {
      if (value === undefined) table.delete(key);
      else table.set(key, value);
    };
    this.undo.set(tx, [...(this.undo.get(tx) ?? []), () => put(before)]);
    put(row);
  }
}

const keyOf = (claim: Held['claims'][number]): string => `${claim.host}#${claim.epoch}`;

const slotKey = ({ application, environment }: Slot): string => `${application}/${environment}`;
