import { ActorId, RefreshId, type RefreshView } from '@gantry/contracts';
import type { LogEvent } from './log-event.js';
import { existing, handle, type Handlers, type Projection } from './projection.js';

type RefreshEventType =
  | 'refresh.requested'
  | 'refresh.host-reserved'
  | 'puppet.run.requested'
  | 'puppet.query.requested'
  | 'refresh.host-run-started'
  | 'refresh.host-run-finished'
  | 'refresh.host-failed'
  | 'refresh.completed';
type HostProgress = RefreshView['progress'][number];

const same = (view: RefreshView): RefreshView => view;

const HANDLERS: Handlers<RefreshEventType, RefreshView> = {
  'refresh.requested': same,
  'refresh.host-reserved': (view, { data }) => withHost(view, data.host, { status: 'running' }),
  'puppet.run.requested': same,
  'puppet.query.requested': same,
  'refresh.host-run-started': (view, { data }) => withHost(view, data.host, { status: 'running' }),
  'refresh.host-run-finished': (view, { data }) =>
    withHost(view, data.host, {
      status: data.verdict.kind === 'converged' ? 'done' : 'failed',
      verdict: data.verdict,
      report: data.report,
      reason: data.verdict.kind === 'converged' ? '' : data.verdict.detail,
    }),
  'refresh.host-failed': (view, { data }) =>
    withHost(view, data.host, { status: 'failed', reason: data.reason }),
  'refresh.completed': (view, event) => ({ ...view, status: 'completed', endedAt: event.at }),
};

/** The read model of refreshes: one row per refresh stream. */
export const refreshProjection: Projection<RefreshView> = {
  model: 'refresh',
  types: new Set(Object.keys(HANDLERS)),
  keys: ({ stream }) => (stream.type === 'refresh' ? [stream.id] : []),
  apply(row, event) {
    const { version, position } = event;
    if (event.type === 'refresh.requested') return requested(event);
    return { ...handle(HANDLERS, existing(row, event), event), version, position };
  },
};

function requested(event: LogEvent<'refresh.requested'>): RefreshView {
  const { hosts, noop, reason } = event.data;
  return {
    id: RefreshId.parse(event.stream.id),
    status: 'running',
    noop,
    reason,
    requestedBy: ActorId.parse(event.actor),
    requestedAt: event.at,
    endedAt: null,
    progress: hosts.map((host) => ({
      host,
      status: 'queued',
      verdict: null,
      report: null,
      reason: '',
    })),
    version: event.version,
    position: event.position,
  };
}

function withHost(view: RefreshView, name: string, change: Partial<HostProgress>): RefreshView {
  return {
    ...view,
    progress: view.progress.map((host) => (host.host === name ? { ...host, ...change } : host)),
  };
}
