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
  CorruptLogError,
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
  const items = new Map<string, AttentionState | undefined>();
  const matter: SideFact[] = [];
  for (const fact of facts) {
    const stream = sideStreamOf(fact);
    if (fact.type === 'build.quarantined') {
      const build = foldEvents(await loaded(tx, stream), evolveBuild, initialBuild);
      if (mayBeQuarantined(build)) matter.push(fact);
      continue;
    }
    const key = streamKey(stream);
    const item = items.get(key) ?? (await itemIn(tx, stream));
    items.set(key, evolveAttention(item ?? 'closed', fact));
    if (item === undefined || attentionMatters(item, fact)) matter.push(fact);
  }
  return matter;
}

/** Its last event says whether an item is open; undefined when this version cannot read that: an item must not keep a deployment from its turn. */
async function itemIn(tx: LogTransaction, stream: StreamId): Promise<AttentionState | undefined> {
  const version = tx.version(stream);
  try {
    const last = version === 0 ? [] : await tx.load(stream, version);
    return foldEvents(last, evolveAttention, 'closed');
  } catch (error) {
    if (!(error instanceof CorruptLogError)) throw error;
    return undefined;
  }
}

const mayBeQuarantined = ({ status }: BuildState): boolean =>
  status !== 'none' && status !== 'quarantined';

/** An untouched stream costs nothing: its version came with the lock. */
const loaded = async (tx: LogTransaction, stream: StreamId): Promise<readonly RecordedEvent[]> =>
  tx.version(stream) === 0 ? [] : tx.load(stream);
