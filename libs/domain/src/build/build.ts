import type { BuildGone, BuildInspection, BuildObserved, DataOf } from '@gantry/contracts';
import { inspectionOf, isNewFinding, withInspection, type Inspected } from './inspection.js';
import { ignored, refused, type Decision, type Fact } from '../decision.js';

/** Events of one build's stream. */
export type BuildFact = Fact<
  | 'build.seen'
  | 'build.changed'
  | 'build.quarantined'
  | 'build.quarantine-lifted'
  | 'build.listed'
  | 'build.unlisted'
  | 'build.inspected'
>;

/** A build: not seen, or seen with the checksum of its first sighting. */
export type BuildState =
  | { readonly status: 'none' }
  | {
      readonly status: 'deployable' | 'changed' | 'quarantined';
      readonly sha256: DataOf<typeof BuildObserved>['sha256'];
      readonly otherSha256: readonly DataOf<typeof BuildObserved>['sha256'][];
      readonly note: string;
      /** When it was first seen in a repository. */
      readonly seenAt: string;
      /** Repositories that have it now; with none, it can be installed nowhere any more. */
      readonly listedIn: readonly string[];
      /** What was found in its contents, by repository. */
      readonly inspected: readonly Inspected[];
    };

/** The state before the first event. */
export const initialBuild: BuildState = { status: 'none' };

/** The state after the fact. */
export function evolveBuild(state: BuildState, fact: BuildFact): BuildState {
  switch (fact.type) {
    case 'build.seen':
      return {
        status: 'deployable',
        sha256: fact.data.sha256,
        otherSha256: [],
        note: '',
        seenAt: fact.at,
        listedIn: [fact.data.repository],
        inspected: withInspection([], fact.data),
      };
    case 'build.changed':
      if (state.status === 'none') return state;
      return {
        ...state,
        status: 'changed',
        listedIn: withRepository(state.listedIn, fact.data.repository),
        otherSha256: [...state.otherSha256, fact.data.sha256],
        inspected: withInspection(state.inspected, fact.data),
        note: `the repository now serves other content under this name (${fact.data.sha256.slice(0, 12)}, first seen ${state.sha256.slice(0, 12)})`,
      };
    case 'build.quarantined':
      return state.status === 'none'
        ? state
        : { ...state, status: 'quarantined', note: fact.data.reason };
    case 'build.quarantine-lifted':
      return state.status === 'none' ? state : lifted(state);
    case 'build.listed':
      if (state.status === 'none') return state;
      return { ...state, listedIn: withRepository(state.listedIn, fact.data.repository) };
    case 'build.unlisted':
      if (state.status === 'none') return state;
      return { ...state, listedIn: state.listedIn.filter((r) => r !== fact.data.repository) };
    case 'build.inspected':
      if (state.status === 'none') return state;
      return { ...state, inspected: withInspection(state.inspected, fact.data) };
  }
}

const withRepository = (listedIn: readonly string[], repository: string): readonly string[] =>
  listedIn.includes(repository) ? listedIn : [...listedIn, repository];

/** Whether a build that was seen is in no repository any more. */
export const isGone = (state: BuildState): boolean =>
  state.status !== 'none' && state.listedIn.length === 0;

/** Whether a build may begin anywhere, and if not, why. Held for its content before it is missed: who lifts that finds out about the other. */
export function standingOf(state: BuildState): BuildStanding {
  if (state.status === 'none') return 'unknown';
  return state.status === 'deployable' && isGone(state) ? 'gone' : state.status;
}

/** What was found in the content that would be installed, by the repositories that have it; undefined when nobody looked, or found nothing. */
export function examinationOf(state: BuildState): BuildInspection | undefined {
  if (state.status === 'none') return undefined;
  const { inspected, sha256, listedIn } = state;
  return inspectionOf(
    inspected.filter((one) => one.sha256 === sha256 && listedIn.includes(one.repository)),
  );
}

/** How a build stands. */
export type BuildStanding = 'deployable' | 'changed' | 'quarantined' | 'gone' | 'unknown';

/** Who allows a build that changed has looked at what the repository serves now: that content is the build from here on. */
function lifted(state: Exclude<BuildState, { status: 'none' }>): BuildState {
  const { sha256: first, otherSha256: others } = state;
  const newest = state.status === 'changed' ? (others.at(-1) ?? first) : first;
  const known = [first, ...others].filter((sha) => sha !== newest);
  return { ...state, status: 'deployable', sha256: newest, otherSha256: known, note: '' };
}

const attentionKeyOf = ({ name, evr }: { readonly name: string; readonly evr: string }): string =>
  `artifact.${name}-${evr}`.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 128);

/** A sighting: the first makes the build deployable; the same again is nothing; other content under the name is an alarm. */
export function decideObserved(
  data: DataOf<typeof BuildObserved>,
  state: BuildState,
  now: string,
): Decision<BuildFact> {
  if (state.status === 'none')
    return { outcome: 'accepted', events: [{ type: 'build.seen', data, at: now }], also: [] };
  const { name, evr, repository } = data;
  if (isKnown(state, data.sha256)) {
    const { sha256, inspection = {} } = data;
    const events: BuildFact[] = [];
    if (!state.listedIn.includes(repository))
      events.push({ type: 'build.listed', data: { name, evr, repository }, at: now });
    if (isNewFinding(state.inspected, data)) {
      const found = { repository, name, evr, sha256, inspection };
      events.push({ type: 'build.inspected', data: found, at: now });
    }
    if (events.length === 0) return ignored('seen already');
    return { outcome: 'accepted', events, also: [] };
  }
  return {
    outcome: 'accepted',
    events: [{ type: 'build.changed', data: { ...data, pinnedSha256: state.sha256 }, at: now }],
    also: [
      {
        type: 'attention.opened',
        at: now,
        data: {
          key: attentionKeyOf(data),
          kind: 'artifact-changed',
          title: `${data.name}-${data.evr} changed in ${data.repository}`,
          detail: `first seen with sha256 ${state.sha256}, now ${data.sha256}`,
          todo: 'Find out who rebuilt it under the same version; publish a new version instead.',
        },
      },
    ],
  };
}

const isKnown = (
  state: Exclude<BuildState, { status: 'none' }>,
  sha256: DataOf<typeof BuildObserved>['sha256'],
): boolean => state.sha256 === sha256 || state.otherSha256.includes(sha256);

/** A repository has the build no more. */
export function decideGone(
  { name, evr, repository, sha256 }: DataOf<typeof BuildGone>,
  state: BuildState,
  now: string,
): Decision<BuildFact> {
  if (state.status === 'none') return ignored('it was never seen');
  if (!state.listedIn.includes(repository)) return ignored(`${repository} does not have it anyway`);
  // Another architecture's package under the same name and version is not the build that is pinned.
  if (!isKnown(state, sha256)) return ignored('it is another content');
  const events = [{ type: 'build.unlisted', data: { name, evr, repository }, at: now }] as const;
  return { outcome: 'accepted', events, also: [] };
}

/** A named person allows the build again. */
export function decideLift(
  data: Extract<BuildFact, { type: 'build.quarantine-lifted' }>['data'],
  state: BuildState,
  now: string,
): Decision<BuildFact> {
  if (state.status === 'none')
    return refused(
      'not-found',
      'unknown-build',
      `${data.name}-${data.evr} was never seen`,
      'Look at the builds list.',
    );
  if (state.status === 'deployable') return ignored('it is not held');
  return {
    outcome: 'accepted',
    events: [{ type: 'build.quarantine-lifted', data, at: now }],
    also: [
      {
        type: 'attention.closed',
        at: now,
        data: { key: attentionKeyOf(data), because: 'a named person allowed the build again' },
      },
    ],
  };
}
