import type { AttentionView } from '@gantry/contracts';
import type { LogEvent } from './log-event.js';
import { existing, handle, type Handlers, type Projection } from './projection.js';

type AttentionEventType = 'attention.opened' | 'attention.closed';

const HANDLERS: Handlers<AttentionEventType, AttentionView> = {
  'attention.opened': (view) => view,
  'attention.closed': (view, event) => ({
    ...view,
    closedAt: event.at,
    closedBecause: event.data.because,
  }),
};

/** The read model of the attention inbox: one row per thing, opened anew when it happens again. */
export const attentionProjection: Projection<AttentionView> = {
  model: 'attention',
  types: new Set(Object.keys(HANDLERS)),
  keys: ({ stream }) => (stream.type === 'attention' ? [stream.id] : []),
  apply(row, event) {
    if (event.type === 'attention.opened') return opened(event);
    return handle(HANDLERS, existing(row, event), event);
  },
};

function opened(event: LogEvent<'attention.opened'>): AttentionView {
  const { key, kind, title, detail, todo, host, deploymentId } = event.data;
  return {
    key,
    kind,
    title,
    detail,
    todo,
    host: host ?? null,
    deploymentId: deploymentId ?? null,
    openedAt: event.at,
    closedAt: null,
    closedBecause: null,
  };
}
