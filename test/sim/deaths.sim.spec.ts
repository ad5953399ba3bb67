import { describe, expect, it } from '@jest/globals';
import { endings, holds, starts } from './expect-holds.js';
import { deploy, oneDeployment, twoDeployments } from './fleets.js';
import { SERVICES } from './installation.js';
import type { Happening } from './scenario.js';

const LIMIT = 600_000;

/** Steps of a deployment: the event that stands for each, and the message whose handling appends it. */
const STEPS: readonly (readonly [step: string, event: string, message: string])[] = [
  ['T1 accept', 'deployment.requested', 'deployment.request'],
  ['T2 approve', 'deployment.approved', 'deployment.approve'],
  ['T3 plan', 'deployment.planned', 'puppet.host.surveyed'],
  ['T4 lock and T5 reserve', 'deployment.host-reserved', 'puppet.host.surveyed'],
  ['T6 drain', 'lb.drain.requested', 'lb.pools.surveyed'],
  ['T7 drained', 'deployment.host-drained', 'lb.drained'],
  ['T8 command', 'puppet.run.requested', 'puppet.version.published'],
  ['T9 run started', 'deployment.host-run-started', 'puppet.run.started'],
  ['T10 run finished', 'deployment.host-run-finished', 'puppet.run.finished'],
  ['T11 verified', 'deployment.host-verified', 'puppet.health.observed'],
  ['T12 undrain', 'lb.enable.requested', 'puppet.health.observed'],
  ['T13 in service', 'deployment.host-enabled', 'lb.enabled'],
  ['T14 host done', 'deployment.host-done', 'lb.enabled'],
  ['T15 end', 'deployment.succeeded', 'lb.pools.surveyed'],
];

const POINTS = ['c1', 'c2', 'c3', 'c4'] as const;

/** c1: before it is appended. c2: appended, nothing sent yet. c3: sent, and nobody knows. c4: appended, the message not acknowledged. */
function deathAt(point: (typeof POINTS)[number], event: string, message: string): Happening[] {
  const at = {
    c1: { point: 'before-append', about: event },
    c2: { point: 'after-append', about: event },
    c3: { point: 'after-publish', about: event },
    c4: { point: 'before-ack', about: message },
  }[point];
  return ['orchestrator-1', 'orchestrator-2'].map((process) => ({
    atMs: 1_000,
    kind: 'crash-at',
    process,
    nth: 1,
    downMs: 3_000,
    ...at,
  }));
}

const crash = (process: string, point: string, about: string): Happening => ({
  atMs: 1_000,
  kind: 'crash-at',
  process,
  point,
  about,
  nth: 1,
  downMs: 4_000,
});
/** Armed until long after the end, so that the play does not turn good before it is reached. */
const UNTIL_LATE: Happening = { atMs: 150_000, kind: 'device-reload' };

/** Somebody agrees to the plan, where it waits for that. */
const APPROVE: Happening = { atMs: 10_000, kind: 'approve' };

describe('the orchestrators die', () => {
  const cells = STEPS.flatMap(([step, event, message]) =>
    POINTS.map((point) => ({ step, event, message, point })),
  );
  it.each(cells)(
    'F-003 at $step, $point: the deployment goes on and succeeds, each host runs once',
    async ({ step, event, message, point }) => {
      const played = await holds(
        oneDeployment(
          `${step} ${point}`,
          [APPROVE, ...deathAt(point, event, message), UNTIL_LATE],
          step.startsWith('T2') ? { approval: {} } : {},
        ),
      );
      expect(played.world.crash.died.length).toBeGreaterThan(0);
      expect(endings(played)).toEqual(['succeeded']);
      expect(starts(played)).toBe(3);
    },
    LIMIT,
  );

  it.each([0, 1, 2, 5])(
    'F-015 and start again just when a new deployment is asked for (%i ms apart): it runs once',
    async (apartMs) => {
      const downMs = 2_000;
      const kills = ['orchestrator-1', 'orchestrator-2'].map((process): Happening => ({
        atMs: 20_000,
        kind: 'kill',
        process,
        downMs,
      }));
      const played = await holds(
        twoDeployments('start meets request', [
          ...kills,
          deploy(20_000 + downMs + apartMs, 'portal'),
          UNTIL_LATE,
        ]),
      );
      // The second asks for what goes on already: it is refused, and leaves no stream behind.
      expect(endings(played)).toEqual(['succeeded', 'succeeded']);
      expect(played.world.replies.size).toBe(3);
      expect([...played.world.replies.values()].map(({ outcome }) => outcome).sort()).toEqual([
        'accepted',
        'accepted',
        'refused',
      ]);
    },
    LIMIT,
  );

  it.each([20_000, 60_000, 90_000])(
    'F-012 one is stopped for %i ms, the other takes over, the first goes on: nothing happens twice',
    async (forMs) => {
      for (const process of ['orchestrator-1', 'orchestrator-2']) {
        const played = await holds(
          twoDeployments(`frozen ${process}`, [
            { atMs: 5_000, kind: 'freeze', process, forMs },
            { atMs: 5_000 + forMs, kind: 'device-reload' },
          ]),
        );
        expect(endings(played)).toEqual(['succeeded', 'succeeded']);
        expect(starts(played)).toBe(8);
      }
    },
    LIMIT,
  );
});

describe('other processes die', () => {
  it(
    'F-009 all of them at once, at thirty moments: everything goes on by itself',
    async () => {
      for (let i = 0; i < 30; i++) {
        const kill: Happening = { atMs: 2_500 + i * 4_100, kind: 'kill-all', downMs: 5_000 };
        const played = await holds(oneDeployment(`all at once ${i}`, [kill]));
        expect(endings(played)).toEqual(['succeeded']);
      }
    },
    LIMIT,
  );

  it.each([
    ['before-ack', 'puppet.run.requested'],
    ['before-publish', 'host.run.command'],
    ['after-publish', 'host.run.command'],
    ['before-publish', 'puppet.run.finished'],
    ['after-publish', 'puppet.run.finished'],
    ['before-ack', 'host.run.finished'],
  ])(
    'F-004 the dispatchers at %s of %s: the command runs once and its end is known',
    async (point, about) => {
      const deaths = ['dispatcher-1', 'dispatcher-2'].map((name) => crash(name, point, about));
      const played = await holds(
        oneDeployment(`dispatcher ${point} ${about}`, [...deaths, UNTIL_LATE]),
      );
      expect(played.world.crash.died.length).toBeGreaterThan(0);
      expect(endings(played)).toEqual(['succeeded']);
      expect(starts(played)).toBe(3);
    },
    LIMIT,
  );

  it.each([
    ['before-write', 'drain'],
    ['after-write', 'drain'],
    ['after-write', 'off'],
    ['before-publish', 'lb.drained'],
    ['after-publish', 'lb.drained'],
    ['before-ack', 'lb.drain.requested'],
    ['before-write', 'in'],
    ['after-write', 'in'],
    ['before-publish', 'lb.enabled'],
    ['after-publish', 'lb.enabled'],
    ['before-ack', 'lb.enable.requested'],
  ])(
    'F-005 the lb-controllers at %s of %s: what the device shows is read before anything is done again',
    async (point, about) => {
      const deaths = ['lb-controller-1', 'lb-controller-2'].map((name) =>
        crash(name, point, about),
      );
      const played = await holds(
        oneDeployment(`lb-controller ${point} ${about}`, [...deaths, UNTIL_LATE]),
      );
      expect(played.world.crash.died.length).toBeGreaterThan(0);
      expect(endings(played)).toEqual(['succeeded']);
    },
    LIMIT,
  );

  it.each([
    ['before-publish', 'host.facts.reported'],
    ['after-publish', 'host.facts.reported'],
    ['before-ack', 'host.run.command'],
    ['before-run', 'run'],
    ['after-run', 'run'],
    ['before-publish', 'host.run.started'],
    ['before-publish', 'host.run.finished'],
    ['after-publish', 'host.run.finished'],
    ['before-publish', 'host.health.observed'],
  ])(
    'F-008 the listener of a host at %s of %s: Puppet starts once for its command',
    async (point, about) => {
      const played = await holds(
        oneDeployment(`listener ${point} ${about}`, [
          crash('listener-web2.sim', point, about),
          UNTIL_LATE,
        ]),
      );
      expect(played.world.crash.died).toEqual([point]);
      expect(endings(played)).toEqual(['succeeded']);
    },
    LIMIT,
  );

  it(
    'F-102 two of each service for good: each effect is made once',
    async () => {
      const names = [...SERVICES];
      expect(names.filter((name) => name.endsWith('-2'))).toHaveLength(3);
      const played = await holds(twoDeployments('two of each'));
      expect(endings(played)).toEqual(['succeeded', 'succeeded']);
      expect(starts(played)).toBe(8);
      const outs = played.world.device.writes.filter(({ want }) => want === 'off');
      // Four hosts, two pools, two deployments: each leaves each pool once for each.
      expect(outs).toHaveLength(16);
    },
    LIMIT,
  );
});
