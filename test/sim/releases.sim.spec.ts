import { describe, expect, it } from '@jest/globals';
import { endings, eventsOf, holds } from './expect-holds.js';
import { oneDeployment } from './fleets.js';
import { build, FAIL, PASS, twoStages } from './pipelines.js';
import type { Played } from './play.js';
import { NEWER_EVR, NEXT_EVR, type Happening } from './scenario.js';

const LIMIT = 300_000;

/** `count` moments, from the first on, so far apart. */
const moments = (count: number, firstMs: number, apartMs: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => firstMs + at * apartMs);

/** Both orchestrators die, and are back after four seconds. */
const death = (atMs: number): readonly Happening[] =>
  ['orchestrator-1', 'orchestrator-2'].map((process) => ({
    ...{ atMs, kind: 'kill', process, downMs: 4_000 },
  }));

/** How the releases ended, in the order in which they set out. */
const arrivals = ({ world }: Played): readonly string[] =>
  [...world.chronicle.releases.values()].map(({ status }) => status);

/** What hosts have by now, those of production apart. */
const installedIn = ({ world }: Played, environment: 'staging' | 'production'): readonly string[] =>
  (world.scenario.pipeline?.stages ?? [])
    .filter((stage) => stage.environment === environment)
    .flatMap(({ hosts }) => hosts.map((name) => world.host(name)?.installed.get('shop') ?? ''));

const runsIn = ({ world }: Played, environment: 'staging' | 'production'): number =>
  (world.scenario.pipeline?.stages ?? [])
    .filter((stage) => stage.environment === environment)
    .flatMap(({ hosts }) => hosts)
    .reduce((sum, name) => sum + (world.host(name)?.runs.length ?? 0), 0);

function expectArrived(played: Played): void {
  expect(arrivals(played)).toEqual(['succeeded']);
  expect(endings(played)).toEqual(['succeeded', 'succeeded']);
  expect(played.world.hosts.map((host) => host.runs.length)).toEqual([1, 1, 1, 1, 1]);
  expect(played.world.hosts.map((host) => host.installed.get('shop'))).toEqual(
    played.world.hosts.map(() => NEXT_EVR),
  );
}

/** Where messages are lost a host may seem to be away, and its deployment ends otherwise: so does the release then. */
function expectEnded(played: Played): string {
  const [end = 'never set out', ...more] = arrivals(played);
  expect(more).toEqual([]);
  const succeeded = endings(played).filter((each) => each === 'succeeded').length;
  expect([end, succeeded === 2]).toEqual([end, end === 'succeeded']);
  expect(['succeeded', 'failed']).toContain(end);
  return end;
}

describe('a build travels through two stages to its end', () => {
  it(
    'whenever both orchestrators die: at twenty moments of its way',
    async () => {
      for (const atMs of moments(20, 2_050, 7_400))
        expectArrived(await holds(twoStages(`death ${atMs}`, death(atMs))));
    },
    LIMIT,
  );

  it(
    'when the verifier dies while it is asked',
    async () => {
      for (const atMs of [3_000, 72_500, 77_500]) {
        const kill: Happening = { atMs, kind: 'kill', process: 'verifier-1', downMs: 5_000 };
        expectArrived(await holds(twoStages(`verifier ${atMs}`, [kill])));
      }
    },
    LIMIT,
  );

  it(
    'when the broker restarts while it is asked, while it deploys and while it is on its way',
    async () => {
      for (const atMs of [2_200, 3_500, 4_450, 71_500])
        expectArrived(
          await holds(twoStages(`broker ${atMs}`, [{ atMs, kind: 'broker-away', forMs: 15_000 }])),
        );
    },
    LIMIT,
  );

  it(
    'when messages are doubled, late and overtake each other',
    async () => {
      const weather = { lost: 0, doubled: 60, delayed: 10, overtaking: 40, longestDelayMs: 8_000 };
      const seen = new Set<string>();
      for (let seed = 0; seed < 3; seed++) {
        const happening = { atMs: 2_500, kind: 'weather', weather, forMs: 120_000 } as const;
        seen.add(expectEnded(await holds(twoStages(`doubled ${seed}`, [happening]))));
      }
      expect(seen).toContain('succeeded');
    },
    LIMIT,
  );

  it(
    'when messages are lost, as soon as it has set out',
    async () => {
      const weather = { lost: 25, doubled: 10, delayed: 0, overtaking: 0, longestDelayMs: 0 };
      const seen = new Set<string>();
      for (let seed = 0; seed < 6; seed++) {
        const happening = { atMs: 2_310, kind: 'weather', weather, forMs: 200_000 } as const;
        seen.add(expectEnded(await holds(twoStages(`lost ${seed}`, [happening]))));
      }
      expect(seen).toContain('succeeded');
    },
    LIMIT,
  );

  it(
    'when what asks for a deployment is lost: it is asked for again',
    async () => {
      const weather = { lost: 100, doubled: 0, delayed: 0, overtaking: 0, longestDelayMs: 0 };
      const happening = { atMs: 4_410, kind: 'weather', weather, forMs: 500 } as const;
      const played = await holds(twoStages('unasked', [happening]));
      expectArrived(played);
      expect(eventsOf(played, 'release.deployment-requested')).toHaveLength(3);
    },
    LIMIT,
  );

  it(
    'when the word that it was seen is lost: it sets out when the repository is told of again, once',
    async () => {
      const weather = { lost: 100, doubled: 0, delayed: 0, overtaking: 0, longestDelayMs: 0 };
      const happening = { atMs: 2_030, kind: 'weather', weather, forMs: 1_000 } as const;
      const played = await holds(twoStages('unheard', [happening]));
      expectArrived(played);
      const { chronicle } = played.world;
      const created = chronicle.all.filter(({ event }) => event.type === 'release.created');
      expect(created).toHaveLength(1);
      expect(created[0]?.atMs).toBeGreaterThan(30_000);
    },
    LIMIT,
  );

  it(
    'when gates are slow, say neither yes nor no at first, and their answers are lost',
    async () => {
      const answers = {
        smoke: [{ verdict: 'pass', untold: 2 }],
        suite: [{ verdict: 'inconclusive' }, PASS],
        ready: [{ verdict: 'pass', afterMs: 45_000 }],
        errors: [{ verdict: 'pass', untold: 9 }, PASS],
      } as const;
      const played = await holds(twoStages('slow', [], { answers }));
      expectArrived(played);
      expect(eventsOf(played, 'release.paused')).toHaveLength(1);
    },
    LIMIT,
  );
});

describe('a gate that fails', () => {
  it.each([
    ['before production', { ready: [FAIL] }],
    ['after staging', { suite: [FAIL] }],
  ])(
    '%s ends the release, and no host of production is touched, whenever the orchestrators die',
    async (_name, answers) => {
      for (const atMs of [73_780, 76_120]) {
        const played = await holds(twoStages(`fails ${atMs}`, death(atMs), { answers }));
        expect(arrivals(played)).toEqual(['failed']);
        expect(endings(played)).toEqual(['succeeded']);
        expect(runsIn(played, 'production')).toBe(0);
        expect(played.world.device.writes.filter(({ pool }) => pool === 'production')).toEqual([]);
      }
    },
    LIMIT,
  );

  it(
    'while it watches the rollout: whenever that is, no host has its turn any more',
    async () => {
      for (const passes of [0, 2, 3, 5, 7]) {
        const errors = [...Array.from({ length: passes }, () => PASS), FAIL];
        const played = await holds(twoStages(`watch ${passes}`, [], { answers: { errors } }));
        expect(arrivals(played)).toEqual(['failed']);
        const [staging, production] = endings(played);
        expect(staging).toBe('succeeded');
        // Whoever has every turn under way already has nothing to be held back from.
        expect(['cancelled', 'succeeded']).toContain(production);
        if (passes < 6)
          expect(installedIn(played, 'production')).not.toEqual([NEXT_EVR, NEXT_EVR, NEXT_EVR]);
      }
    },
    LIMIT,
  );
});

describe('a newer build', () => {
  it(
    'takes the place of an older one, whenever it is seen: it arrives, and nothing is deployed twice at once',
    async () => {
      const ends = new Set<string>();
      for (const atMs of moments(8, 2_010, 33_000)) {
        const played = await holds(twoStages(`newer ${atMs}`, [build(atMs, NEWER_EVR)]));
        const [older = 'never set out', newer] =
          arrivals(played).length === 1 ? [undefined, arrivals(played)[0]] : arrivals(played);
        ends.add(older);
        expect(newer).toBe('succeeded');
        expect(installedIn(played, 'production')).toEqual([NEWER_EVR, NEWER_EVR, NEWER_EVR]);
      }
      expect(ends).toContain('superseded');
      expect(ends).toContain('succeeded');
    },
    LIMIT,
  );
});

describe('a line that is stopped', () => {
  const stopped = (atMs: number): readonly Happening[] => [
    { atMs, kind: 'stop-line' },
    { atMs: atMs + 60_000, kind: 'lift-line' },
  ];

  it(
    'lets no host begin its turn while it is in force, at twenty moments of a rollout, and lets it go on alone',
    async () => {
      let held = 0;
      for (const atMs of moments(20, 2_400, 3_700)) {
        const played = await holds(oneDeployment(`line ${atMs}`, stopped(atMs)));
        expect(endings(played)).toEqual(['succeeded']);
        held += eventsOf(played, 'deployment.paused').length;
        expect(eventsOf(played, 'deployment.paused')).toHaveLength(
          eventsOf(played, 'deployment.resumed').length,
        );
      }
      expect(held).toBeGreaterThan(10);
    },
    LIMIT,
  );

  it(
    'keeps a release from its next stage until it is lifted',
    async () => {
      for (const atMs of [4_400, 75_000]) {
        const played = await holds(twoStages(`line ${atMs}`, stopped(atMs)));
        expectArrived(played);
      }
    },
    LIMIT,
  );
});
