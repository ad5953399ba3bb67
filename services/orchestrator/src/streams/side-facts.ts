import { buildKey } from '@gantry/contracts';
import {
  attentionMatters,
  evolveAttention,
  evolveBuild,
  initialBuild,
  type AttentionFact,
  type AttentionState,
  type BuildFact,
  type BuildState,
  type SideFact,
} from '@gantry/domain';
import type { LogTransaction, RecordedEvent, StreamId } from '@gantry/event-log';
import { factOf } from './fact-of.js';

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
  const matter: SideFact[] = [];
  for (const fact of facts) {
    const stream = sideStreamOf(fact);
    if (matter.some((m) => sameStream(sideStreamOf(m), stream))) continue;
    const events = tx.version(stream) === 0 ? [] : await tx.load(stream);
    if (matters(fact, events)) matter.push(fact);
  }
  return matter;
}

const sameStream = (a: StreamId, b: StreamId): boolean => a.type === b.type && a.id === b.id;

function matters(fact: SideFact, events: readonly RecordedEvent[]): boolean {
  if (fact.type === 'build.quarantined') {
    const state = events.reduce<BuildState>(
      (s, e) => evolveBuild(s, factOf<BuildFact>(e)),
      initialBuild,
    );
    return state.status !== 'none' && state.status !== 'quarantined';
  }
  const state = events.reduce<AttentionState>(
    (s, e) => evolveAttention(s, factOf<AttentionFact>(e)),
    'closed',
  );
  return attentionMatters(state, fact);
}
