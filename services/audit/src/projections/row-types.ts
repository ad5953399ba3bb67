import type { AttentionView, BuildView, HoldView, RefreshView } from '@gantry/contracts';
import type { DeploymentRecord } from './deployment.record.js';
import type { FleetRecord } from './fleet.projection.js';
import type { HostRecord } from './host.record.js';
import type { ReleaseRecord } from './release.record.js';

/** What a row of each read model is. */
export interface RowTypes {
  readonly deployment: DeploymentRecord;
  readonly refresh: RefreshView;
  readonly host: HostRecord;
  readonly fleet: FleetRecord;
  readonly build: BuildView;
  readonly attention: AttentionView;
  readonly release: ReleaseRecord;
  readonly hold: HoldView;
}
