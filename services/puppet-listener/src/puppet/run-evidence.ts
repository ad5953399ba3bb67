import type { InstalledPackage, WantedPackage } from '@gantry/contracts';
import type { LogEvidence } from './log-evidence.js';
import type { ReportReading } from './report.js';

/** The versions the catalog of a run asked for, if that catalog is still at hand. */
export type CatalogVersions = ReadonlyMap<string, string> | undefined;

/** Everything a verdict may rest on. */
export interface RunEvidence {
  readonly noop: boolean;
  readonly wanted: readonly WantedPackage[];
  readonly reading: ReportReading;
  readonly log: LogEvidence;
  readonly exitCode: number | null;
  /** The listener ended the run because it was over its limit. */
  readonly killed: boolean;
  /** The machine was started anew since the run began: its log cannot be believed. */
  readonly rebooted: boolean;
  readonly before: readonly InstalledPackage[];
  readonly after: readonly InstalledPackage[];
  readonly catalog: CatalogVersions;
}
