import type { BuildView } from '@gantry/contracts';
import type { LogEvent } from './log-event.js';
import { existing, handle, type Handlers, type Projection } from './projection.js';

type BuildEventType =
  'build.seen' | 'build.changed' | 'build.quarantined' | 'build.quarantine-lifted';

const HANDLERS: Handlers<BuildEventType, BuildView> = {
  'build.seen': (view) => view,
  'build.changed': (view, { data }) => ({
    ...view,
    state: 'changed',
    note: `${data.repository} now serves other content under this name: sha256 ${data.sha256}, first seen ${data.pinnedSha256}`,
  }),
  'build.quarantined': (view, { data }) => ({ ...view, state: 'quarantined', note: data.reason }),
  'build.quarantine-lifted': (view) => ({ ...view, state: 'deployable', note: '' }),
};

/** The read model of builds: one row per build stream. */
export const buildProjection: Projection<BuildView> = {
  model: 'build',
  types: new Set(Object.keys(HANDLERS)),
  keys: ({ stream }) => (stream.type === 'build' ? [stream.id] : []),
  apply(row, event) {
    if (event.type === 'build.seen') return seen(event);
    return handle(HANDLERS, existing(row, event), event);
  },
};

function seen(event: LogEvent<'build.seen'>): BuildView {
  const { name, evr, arch, sha256, repository, builtAt } = event.data;
  const seenAt = event.at;
  return { name, evr, arch, sha256, repository, builtAt, seenAt, state: 'deployable', note: '' };
}
