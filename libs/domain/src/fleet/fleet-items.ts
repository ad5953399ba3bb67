import type { DataOf, FleetChangeHeld } from '@gantry/contracts';
import type { SideFact } from '../decision.js';

/** Keys of the attention items about the fleet file. */
export const FLEET_FILE_ITEM = 'fleet-file';
export const FLEET_CHANGE_ITEM = 'fleet-change';

const LOSSES_TOLD = 15;
const LONGEST_DETAIL = 4_000;

/** It is settled. */
export const closedItem = (key: string, because: string, at: string): SideFact => ({
  type: 'attention.closed',
  data: { key, because },
  at,
});

/** Says what the change would take away, and how a person accepts just this one. */
export function heldItem({
  change: { sha256, losses, lossCount },
  source,
  now,
}: {
  readonly change: Omit<DataOf<typeof FleetChangeHeld>, 'fleet'>;
  readonly source: string;
  readonly now: string;
}): SideFact {
  const told = losses.slice(0, LOSSES_TOLD).map(({ path, message }) => `${path}: ${message}`);
  const rest = lossCount - told.length;
  const lines = [
    `${source} (sha256 ${sha256}) would take away:`,
    ...told,
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
  return {
    type: 'attention.opened',
    at: now,
    data: {
      key: FLEET_CHANGE_ITEM,
      kind: 'fleet-change-held',
      title: 'A fleet change takes away much: the last accepted fleet stays in force',
      detail: lines.join('\n').slice(0, LONGEST_DETAIL),
      todo: `If this is meant, accept exactly this change: gantry fleet accept ${sha256} --reason TEXT. If not, put the file back as it was.`,
    },
  };
}
