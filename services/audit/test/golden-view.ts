import { definitionOf, HoldView, ReleaseView } from '@gantry/contracts';
import type { LogEvent } from '../src/projections/log-event.js';
import {
  deploymentsOf,
  releaseView,
  type DeploymentLines,
} from '../src/projections/release.record.js';
import { MemoryModels } from './memory-models.js';

/** Recorded events, and what people were shown after each whose number is named in `views`. */
export interface GoldenView {
  readonly title: string;
  readonly model: 'release' | 'hold';
  readonly key: string;
  /** A row that an earlier version had written when the first of these events came. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly events: readonly LogEvent[];
  /** By the number of events folded. */
  readonly views: Readonly<Record<string, unknown>>;
}

/** Types whose recorded data the contracts of today do not read. */
export const unreadable = ({ events }: GoldenView): readonly string[] =>
  events
    .filter(({ type, data }) => definitionOf(type)?.schema.safeParse(data).success !== true)
    .map(({ type }) => type);

/** What is shown today after so many of the events as are asked for. */
export function shownToday(golden: GoldenView, after: readonly number[]): Record<string, unknown> {
  const models = new MemoryModels();
  if (golden.before !== undefined) models.put(golden.model, golden.key, golden.before);
  const views: Record<string, unknown> = {};
  golden.events.forEach((event, i) => {
    models.apply([event]);
    if (after.includes(i + 1)) views[i + 1] = shown(models, golden);
  });
  return views;
}

function shown(models: MemoryModels, { model, key }: GoldenView): unknown {
  if (model === 'hold') return HoldView.parse(models.row('hold', key));
  const record = models.row('release', key);
  const deployments = models.all()['deployment'] ?? {};
  const lines: DeploymentLines = new Map(
    deploymentsOf(record)
      .filter((id) => id in deployments)
      .map((id) => [id, (deployments[id] as { line?: never }).line]),
  );
  return ReleaseView.parse(releaseView(record, lines));
}
