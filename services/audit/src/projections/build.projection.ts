import type { BuildView } from '@gantry/contracts';
import type { LogEvent } from './log-event.js';
import { existing, handle, type Handlers, type Projection } from './projection.js';

type BuildEventType =
  | 'build.seen'
  | 'build.changed'
  | 'build.quarantined'
  | 'build.quarantine-lifted'
  | 'build.listed'
  | 'build.unlisted';

const HANDLERS: Handlers<BuildEventType, BuildView> = {
  'build.seen': (view) => view,
  'build.changed': (view, { data }) => ({
    ...view,
    listedIn: withOne(view, data.repository),
    state: 'changed',
    note: `${data.repository} now serves other content under this name: sha256 ${data.sha256}, first seen ${data.pinnedSha256}`,
  }),
  'build.quarantined': (view, { data }) => ({ ...view, state: 'quarantined', note: data.reason }),
  'build.quarantine-lifted': (view) => listed({ ...view, state: 'deployable', note: '' }),
  'build.listed': (view, { data }) => listed({ ...view, listedIn: withOne(view, data.repository) }),
  'build.unlisted': (view, { data }) =>
    listed({ ...view, listedIn: without(view, data.repository) }),
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
  const { name, evr, arch, sha256, repository, builtAt, origin } = event.data;
  const seenAt = event.at;
  const listedIn = [repository];
  return {
    ...{ name, evr, arch, sha256, repository, builtAt, seenAt, listedIn },
    ...(origin === undefined ? {} : { origin }),
    state: 'deployable',
    note: '',
  };
}

const without = ({ listedIn, repository: first }: BuildView, repository: string): string[] =>
  (listedIn ?? [first]).filter((r) => r !== repository);

const withOne = (view: BuildView, repository: string): string[] => [
  ...without(view, repository),
  repository,
];

/** A build that nothing speaks against is deployable while some repository has it. */
function listed(view: BuildView): BuildView {
  if (view.state !== 'deployable' && view.state !== 'gone') return view;
  return (view.listedIn?.length ?? 1) > 0
    ? { ...view, state: 'deployable', note: '' }
    : { ...view, state: 'gone', note: 'it is in no repository any more' };
}
