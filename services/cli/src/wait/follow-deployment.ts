import type { GantryClient, StreamItem } from '@gantry/client';
import type { DeploymentView } from '@gantry/contracts';
import { exitCodeOf } from '../exit-codes.js';

/** Why following ended. */
export type Ending =
  | { readonly kind: 'ended'; readonly view: DeploymentView }
  | { readonly kind: 'paused'; readonly view: DeploymentView; readonly reason: string }
  | { readonly kind: 'stopped' };

/** What to follow, and what to tell on the way. */
export interface Follow {
  readonly client: GantryClient;
  readonly id: string;
  readonly signal: AbortSignal;
  /** Whether a pause by Gantry itself ends the following: nothing happens until a person decides. */
  readonly stopOnPause: boolean;
  /** Views from before this version of the stream say nothing of what was asked. */
  readonly since?: number | undefined;
  readonly onItem: (item: StreamItem) => void;
  readonly onReconnect: (why: string) => void;
}

/** Follows a deployment to its end. */
export async function followDeployment(follow: Follow): Promise<Ending> {
  const { client, id, signal, onReconnect } = follow;
  let ownPause: string | undefined;
  for await (const item of client.watchDeployment(id, { signal, onReconnect })) {
    follow.onItem(item);
    if (item.kind === 'log') ownPause = afterEvent(ownPause, item.event);
    if (item.kind !== 'view') continue;
    const { view } = item;
    if (view.version < (follow.since ?? 0)) continue;
    if (exitCodeOf(view.status) !== undefined) return { kind: 'ended', view };
    if (follow.stopOnPause && view.status === 'paused' && ownPause !== undefined)
      return { kind: 'paused', view, reason: ownPause };
  }
  return { kind: 'stopped' };
}

/** The reason of the pause by Gantry itself that holds after this event. */
function afterEvent(
  before: string | undefined,
  { type, data }: Extract<StreamItem, { kind: 'log' }>['event'],
): string | undefined {
  if (type === 'deployment.resumed') return undefined;
  if (type !== 'deployment.paused') return before;
  // What holds it ends by itself.
  if (data['because'] === 'person' || data['because'] === 'held') return undefined;
  return typeof data['reason'] === 'string' ? data['reason'] : '';
}
