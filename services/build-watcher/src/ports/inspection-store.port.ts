import type { BuildInspection } from '@gantry/contracts';

/** What was found in packages, so that a restart does not fetch them all again. A loss costs time, and nothing else. */
export interface InspectionStore {
  /** What was found in this package with these keys, if anybody looked. */
  find(key: InspectionKey): Promise<BuildInspection | undefined>;
  keep(key: InspectionKey, inspection: BuildInspection): Promise<void>;
}

/** One content under one name, and the keys it was held against. */
export interface InspectionKey {
  readonly package: string;
  /** Stands for the keys: with others, everything is looked at again. */
  readonly keys: string;
}
