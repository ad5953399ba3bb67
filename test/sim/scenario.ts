import type { GateVerdict } from '@gantry/contracts';
import type { Weather } from '@gantry/testing/sim';

/** How one Puppet run goes. `cut` = the host's power fails in the middle. */
export type RunEnd = 'converges' | 'fails' | 'server-unreachable' | 'disabled' | 'cut';

/** What people do to a deployment that goes on. */
export const WISHES = ['pause', 'resume', 'cancel', 'rollback'] as const;
export type Wish = (typeof WISHES)[number];

/** An application of the fleet, and the build that is brought out. */
export interface SimApplication {
  readonly name: string;
  readonly strategy: Readonly<Record<string, unknown>>;
  /** Whose consent its plans need, as in a fleet file. Somebody agrees when they come by. */
  readonly approval?: Readonly<Record<string, unknown>>;
  /** Whether the new build works. */
  readonly good: boolean;
  /** Whether the old build still works when a host comes back to it; default it does. */
  readonly goodBack?: boolean;
}

/** How one run of a gate goes. */
export interface GateAnswer {
  readonly verdict: GateVerdict;
  /** How long it takes; default two seconds. */
  readonly afterMs?: number;
  /** How many times its answer is lost on the way; default never. */
  readonly untold?: number;
}

/** A stage of the pipeline: an environment with hosts and a pool of its own, and its gates. */
export interface SimStage {
  readonly environment: string;
  readonly hosts: readonly string[];
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly watch?: readonly string[];
  readonly watchEveryMs?: number;
  readonly soakMs?: number;
  readonly start?: 'automatic' | 'approval';
  /** Minutes of the play in which its windows are closed; what runs then stops before its next host. */
  readonly closed?: readonly [from: number, to: number];
}

/** A pipeline, and what its gates say: the answers of each gate in order, the last again and again; without any it passes. */
export interface SimPipeline {
  readonly stages: readonly SimStage[];
  readonly answers: Readonly<Record<string, readonly GateAnswer[]>>;
}

/**
 * Something that befalls the world, at its time. A list of them is all that differs between two plays of one fleet, so a
 * failing play is made shorter by leaving some out.
 */
export type Happening = { readonly atMs: number } & (
  | { readonly kind: 'deploy'; readonly application: string; readonly evr: string }
  /** Somebody else agrees to whatever waits for it. */
  | { readonly kind: 'approve' }
  /** One person consents to a plan of every deployment there is, whether it waits for that or not. */
  | { readonly kind: 'consent'; readonly by: string; readonly to: 'now' | 'first' | 'made-up' }
  /** The repository lists a build, or does not any more. */
  | { readonly kind: 'build' | 'build-gone'; readonly application: string; readonly evr: string }
  /** Somebody stops the line, everywhere; or lets it go. */
  | { readonly kind: 'stop-line' | 'lift-line' }
  | { readonly kind: 'wish'; readonly wish: Wish; readonly which: number }
  | { readonly kind: 'kill'; readonly process: string; readonly downMs: number }
  | { readonly kind: 'kill-all'; readonly downMs: number }
  | { readonly kind: 'freeze'; readonly process: string; readonly forMs: number }
  | {
      /** The process dies when it comes to this place for the nth time from now on. */
      readonly kind: 'crash-at';
      readonly process: string;
      readonly point: string;
      readonly about?: string;
      readonly nth: number;
      readonly downMs: number;
    }
  | { readonly kind: 'broker-away'; readonly forMs: number }
  | { readonly kind: 'broker-wiped' }
  | { readonly kind: 'weather'; readonly weather: Weather; readonly forMs: number }
  | { readonly kind: 'database-away'; readonly forMs: number }
  | { readonly kind: 'commits-untold'; readonly percent: number; readonly forMs: number }
  | { readonly kind: 'tables-emptied' }
  | { readonly kind: 'device-reload' }
  | { readonly kind: 'device-away'; readonly forMs: number }
  | { readonly kind: 'device-deaf'; readonly forMs: number }
  | { readonly kind: 'device-untold'; readonly percent: number; readonly forMs: number }
  | { readonly kind: 'device-disagrees'; readonly member: string; readonly forMs: number }
  | { readonly kind: 'disk-full'; readonly host: string; readonly forMs: number }
  /** The journal of its listener is damaged, which it finds when it starts again. A person has it begun anew, now or when they come by. */
  | { readonly kind: 'journal-damaged'; readonly host: string; readonly downMs: number }
  | { readonly kind: 'resync'; readonly host: string }
  | { readonly kind: 'reboot'; readonly host: string; readonly downMs: number }
  | { readonly kind: 'sick'; readonly host: string; readonly forMs: number }
  | { readonly kind: 'foreign-down'; readonly member: string; readonly forMs: number }
  | { readonly kind: 'foreign-run'; readonly host: string; readonly forMs: number }
);

/** A fleet, what its runs do, and what befalls it. */
export interface Scenario {
  readonly seed: string;
  readonly hosts: readonly string[];
  /** Members of the pools that belong to somebody else. */
  readonly foreign: readonly string[];
  readonly pools: readonly string[];
  readonly applications: readonly SimApplication[];
  /** The way of the builds of the first application, where there is one: every host is in one of its stages then. */
  readonly pipeline?: SimPipeline;
  /** How the first runs of each host end; after that they converge. */
  readonly runs: Readonly<Record<string, readonly RunEnd[]>>;
  readonly happenings: readonly Happening[];
}

export const FIRST_EVR = '1.0.0-1';
export const NEXT_EVR = '1.1.0-1';
export const NEWER_EVR = '1.2.0-1';
