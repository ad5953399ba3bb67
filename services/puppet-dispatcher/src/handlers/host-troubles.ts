import type { Certname, HostTrouble, ListenerRole } from '@gantry/contracts';

/** Whose trouble. */
export interface Listener {
  readonly host: Certname;
  readonly role: ListenerRole;
}

/** What is to be told of a listener's trouble. */
export type Finding = 'troubled' | 'well';

/** A trouble that lasts is told again, so that an item that another replica closed in between is opened again. */
const AGAIN_MS: Readonly<Record<Finding, number>> = { troubled: 60_000, well: 600_000 };
const MAX_KNOWN = 20_000;

/**
 * What was told last of each listener. In memory only: whoever has forgotten tells once more, and telling what is known already
 * changes nothing.
 */
export class HostTroubles {
  private readonly told = new Map<string, { readonly finding: Finding; readonly atMs: number }>();

  /** Whether the finding is news, or was told long enough ago. */
  isNews(of: Listener, trouble: HostTrouble, finding: Finding, nowMs: number): boolean {
    const key = `${of.role} ${of.host} ${trouble}`;
    const last = this.told.get(key);
    if (last?.finding === finding && nowMs - last.atMs < AGAIN_MS[finding]) return false;
    this.told.delete(key);
    this.told.set(key, { finding, atMs: nowMs });
    const [oldest] = this.told.keys();
    if (this.told.size > MAX_KNOWN && oldest !== undefined) this.told.delete(oldest);
    return true;
  }
}
