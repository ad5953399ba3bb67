import type { ReleaseView } from '@gantry/contracts';
import type { Snapshot } from '../persistence/read-model.reader.js';
import { deploymentsOf, releaseView, type ReleaseRecord } from '../projections/release.record.js';

/** Releases as they are shown: each with its clock, for which its deployments are looked at. */
export async function releaseViews(
  snapshot: Pick<Snapshot, 'deploymentLines'>,
  records: readonly ReleaseRecord[],
): Promise<ReleaseView[]> {
  const lines = await snapshot.deploymentLines(records.flatMap(deploymentsOf));
  return records.map((record) => releaseView(record, lines));
}
