import type { HostFactsReported, DataOf, InstalledPackage, PackageName } from '@gantry/contracts';
import type { ProcessIdentity } from '../host/process-identity.js';
import type { Outcome, RunCommandData } from '../journal/journal-entry.js';
import type { Begun } from '../run-state.js';

/** What is known before a run. */
export interface Readiness {
  readonly before: readonly InstalledPackage[];
  /** Who holds Puppet's lock now, in words. */
  readonly holder: string | undefined;
}

/** Why Puppet cannot be started here at all. */
export interface NotReady {
  readonly why: 'disabled' | 'unexplained';
  readonly detail: string;
  /** What is there all the same, as far as it was read: somebody else's run may have brought another version. */
  readonly installed: readonly InstalledPackage[];
}

/** How a run's process ended. The exit code is only known to its parent. */
export interface Ended {
  readonly exitCode: number | null;
  readonly killed: boolean;
}

/** A run under way. */
export interface Running {
  readonly process: ProcessIdentity;
  readonly ended: Promise<Ended>;
}

/** What the host said of itself. */
export type Facts = Omit<
  DataOf<typeof HostFactsReported>,
  'host' | 'keyId' | 'cmdId' | 'stream' | 'commandHash' | 'bootId' | 'replySeq'
> & { readonly bootId: string };

/** Puppet and the RPM database on this host, as the conductor needs them. */
export interface PuppetHost {
  readonly bootId: string;
  /** Reads what a run needs to know, and makes the package manager forget old metadata. */
  prepare(command: RunCommandData): Promise<Readiness | NotReady>;
  /** Starts the agent; `onWaiting` is called when it turns out that somebody else's run holds the lock. */
  start(command: RunCommandData, onWaiting: (holder: string) => void): Promise<Running>;
  /** The process of an earlier start, if it still runs. */
  find(command: RunCommandData, known: ProcessIdentity | undefined): ProcessIdentity | undefined;
  /** Waits for a process started by an earlier life of this listener. */
  adopt(command: RunCommandData, process: ProcessIdentity, startedAt: string): Running;
  /** Judges a run that is over. */
  judge(
    command: RunCommandData,
    begun: Begun & { readonly startedAt: string },
    ended: Ended,
  ): Promise<Outcome>;
  facts(packages: readonly PackageName[]): Promise<Facts>;
}
