import type { Life } from '@gantry/testing/sim';

/** Where a process is to die. */
export interface ArmedCrash {
  readonly process: string;
  readonly point: string;
  readonly about: string | undefined;
  readonly nth: number;
  readonly die: () => void;
}

/**
 * The places at which processes may be killed in the middle of what they do:
 * before an intent or outcome is appended (`before-append`), after it (`after-append`), around an effect (`before-publish`,
 * `after-publish`, `before-write`, `after-write`, `before-run`, `after-run`), and before a message is acknowledged (`before-ack`).
 */
export class CrashSwitch {
  /** Which places were died at, for whoever counts. */
  readonly died: string[] = [];
  private armed: { readonly crash: ArmedCrash; left: number }[] = [];

  arm(crash: ArmedCrash): void {
    this.armed.push({ crash, left: crash.nth });
  }

  /** Crashes that were never come to are taken back. */
  disarm(): void {
    this.armed = [];
  }

  /** Whether the process dies here, or is dead: then it must not go on. */
  reach(life: Life, point: string, about: readonly string[]): boolean {
    if (!life.alive) return true;
    const found = this.armed.find(
      ({ crash }) =>
        crash.process === life.name &&
        crash.point === point &&
        (crash.about === undefined || about.includes(crash.about)),
    );
    if (found === undefined) return false;
    found.left -= 1;
    if (found.left > 0) return false;
    this.armed = this.armed.filter((each) => each !== found);
    this.died.push(point);
    found.crash.die();
    return true;
  }
}
