import { HoldId, type HoldView } from '@gantry/contracts';
import type { LogEvent } from './log-event.js';
import { existing, handle, type Handlers, type Projection } from './projection.js';

const HANDLERS: Handlers<'hold.placed' | 'hold.lifted' | 'hold.expired', HoldView> = {
  'hold.placed': (view) => view,
  'hold.lifted': (view, { data, at }) => ({
    ...view,
    endedAt: at,
    ended: `lifted by ${data.by}: ${data.reason}`,
  }),
  'hold.expired': (view, { at }) => ({ ...view, endedAt: at, ended: 'expired' }),
};

/** The read model of holds: one row per hold stream. */
export const holdProjection: Projection<HoldView> = {
  model: 'hold',
  types: new Set(Object.keys(HANDLERS)),
  keys: ({ stream }) => (stream.type === 'hold' ? [stream.id] : []),
  apply(row, event) {
    if (event.type === 'hold.placed') return placed(event);
    return handle(HANDLERS, existing(row, event), event);
  },
};

function placed({ data, stream, at }: LogEvent<'hold.placed'>): HoldView {
  const { rule, scope, reason, owner, until } = data;
  const ended = { endedAt: null, ended: '' };
  const id = HoldId.parse(stream.id);
  return { id, rule, scope, reason, owner, placedAt: at, until: until ?? null, ...ended };
}
