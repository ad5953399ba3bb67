import type { ListenerRole } from '@gantry/contracts';

/** A host that runs Puppet sends five replies a minute; one that tells all its journal again, some hundreds. */
const BURST = 500;
const PER_SECOND = 50;
const QUARANTINE_MS = 60_000;
/** Only after this long without a flood it is called over. */
const QUIET_MS = 600_000;

interface Account {
  tokens: number;
  atMs: number;
  until: number;
}

/** What the quota says of a reply. */
export type Quota = 'fine' | 'flooding' | 'over';

/**
 * How much one listener may say. What counts is what it signed, so nobody can use up another one's quota. One that says more is
 * not listened to for a minute: its replies are dropped before anything is done with them, and whatever it should have said is asked
 * of it again.
 */
export class ReplyQuota {
  private readonly accounts = new Map<string, Account>();

  /** Whether the listener is not listened to now. */
  isQuarantined(host: string, role: ListenerRole, nowMs: number): boolean {
    return (this.accounts.get(`${role} ${host}`)?.until ?? 0) > nowMs;
  }

  /** Counts a reply that the listener signed. `over` once a flood has been past for long. */
  spend(host: string, role: ListenerRole, nowMs: number): Quota {
    const key = `${role} ${host}`;
    const account = this.accounts.get(key) ?? { tokens: BURST, atMs: nowMs, until: 0 };
    const grown = account.tokens + ((nowMs - account.atMs) / 1_000) * PER_SECOND;
    account.tokens = Math.min(BURST, grown) - 1;
    account.atMs = nowMs;
    this.accounts.set(key, account);
    if (account.tokens < 0) {
      account.until = nowMs + QUARANTINE_MS;
      return 'flooding';
    }
    return account.until === 0 || nowMs - account.until > QUIET_MS ? 'over' : 'fine';
  }
}
