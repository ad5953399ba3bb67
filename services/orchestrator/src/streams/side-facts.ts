import { buildKey } from '@gantry/contracts';
import {
  attentionMatters,
  evolveAttention,
  evolveBuild,
  initialBuild,
  type AttentionState,
  type BuildState,
  type SideFact,
} from '@gantry/domain';
import {
  streamKey,
  type LogTransaction,
  type RecordedEvent,
  type StreamId,
} from '@gantry/event-log';
import { foldEvents } from './fold-events.js';

/** The stream a side fact belongs to. */
export function sideStreamOf(fact: SideFact): StreamId {
  return fact.type === 'build.quarantined'
    ? { type: 'build', id: buildKey(fact.data.name, fact.data.evr) }
    : { type: 'attention', id: fact.data.key };
}

/** Those of the facts that change their stream: an item is opened once, a build quarantined once. */
export async function sideFactsThatMatter(
  tx: LogTransaction,
  facts: readonly SideFact[],
): Promise<readonly SideFact[]> {
  const items = new Map<string, AttentionState>();
  const matter: SideFact[] = [];
  for (const fact of facts) {
    const stream = sideStreamOf(fact);
    if (fact.type === 'build.quarantined') {
      const build = foldEvents(await loaded(tx, stream), evolveBuild, initialBuild);
      if (mayBeQuarantined(build)) matter.push(fact);
      continue;
    }
    const key = streamKey(stream);
    const item = items.get(key) ?? foldEvents(await loaded(tx, stream), evolveAttention, 'closed');
    items.set(key, evolveAttention(item, fact));
    if (attentionMatters(item, fact)) matter.push(fact);
  }
  return matter;
}

const mayBeQuarantined = ({ status }: BuildState): boolean =>
  status !== 'none' && status !== 'quarantined';

/** An untouched stream costs nothing: its version came with the lock. */
const loaded = async (tx: LogTransaction, stream: StreamId): Promise<readonly RecordedEvent[]> =>
  tx.version(stream) === 0 ? [] : tx.load(stream);
