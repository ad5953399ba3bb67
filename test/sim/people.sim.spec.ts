import { describe, expect, it } from '@jest/globals';
import { endings, eventsOf, holds } from './expect-holds.js';
import { deploy, oneDeployment, twoDeployments } from './fleets.js';
import { FIRST_EVR, type Happening } from './scenario.js';

const LIMIT = 600_000;

const wish = (
  atMs: number,
  kind: 'cancel' | 'rollback' | 'pause' | 'resume',
  which = 0,
): Happening => ({
  atMs,
  kind: 'wish',
  wish: kind,
  which,
});

describe('people act while it runs', () => {
  it(
    'F-094 cancel in the very moment in which the last host completes, at a hundred moments: succeeded or cancelled, never both',
    async () => {
      const plain = await holds(oneDeployment('moment'));
      const endAt =
        plain.world.chronicle.all.find(({ event }) => event.type === 'deployment.succeeded')
          ?.atMs ?? 0;
      const seen = new Set<string>();
      for (let i = 0; i < 100; i++) {
        const played = await holds(
          oneDeployment('moment', [wish(Math.round(endAt) - 1_500 + i * 20, 'cancel')]),
        );
        const [end = ''] = endings(played);
        seen.add(end);
        expect(['succeeded', 'cancelled']).toContain(end);
      }
      expect([...seen].sort()).toEqual(['cancelled', 'succeeded']);
    },
    LIMIT,
  );

  it(
    'F-094 cancel at eighty moments of a host’s turn: what Puppet would bring next is what it has, or an item tells of it',
    async () => {
      let told = 0;
      for (let i = 0; i < 80; i++) {
        const cancel = wish(2_000 + i * 200, 'cancel');
        const { world } = await holds(oneDeployment('next run', [cancel]));
        if (world.chronicle.attention.has('version-still-wanted.shop.web1.sim')) told += 1;
      }
      expect(told).toBeGreaterThan(0);
    },
    LIMIT,
  );

  it(
    'F-095 cancel twice, cancel what has ended, cancel one of several: the others go on',
    async () => {
      const played = await holds(
        twoDeployments('cancel', [
          wish(10_000, 'cancel', 0),
          wish(10_010, 'cancel', 0),
          wish(11_000, 'cancel', 0),
          deploy(200_000),
          wish(400_000, 'cancel', 0),
        ]),
      );
      const [shop, portal] = endings(played);
      expect([shop, portal]).toContain('cancelled');
      expect(eventsOf(played, 'deployment.cancelled').length).toBeGreaterThan(0);
      expect(endings(played)).not.toContain('cancelling');
    },
    LIMIT,
  );

  it(
    'F-096 a rollback is under way and a new deployment of the application is asked for: never both on a host',
    async () => {
      for (const apartMs of [0, 1, 20, 500, 5_000]) {
        const played = await holds(
          oneDeployment(`rollback meets deploy ${apartMs}`, [
            wish(50_000, 'rollback'),
            deploy(50_000 + apartMs, 'shop', FIRST_EVR),
          ]),
        );
        expect(endings(played)[0]).toBe('rolled-back');
        expect(endings(played)).not.toContain('succeeded');
      }
    },
    LIMIT,
  );

  it(
    'F-098 what is rolled back to is bad too: it stops, somebody is told, nothing is rolled back again',
    async () => {
      const played = await holds(
        oneDeployment('both bad', [wish(40_000, 'rollback')], {
          good: true,
          goodBack: false,
        }),
      );
      expect(endings(played)).toEqual(['rollback-failed']);
      expect(eventsOf(played, 'deployment.rollback-started')).toHaveLength(1);
      expect(played.world.chronicle.attention.size).toBeGreaterThan(0);
    },
    LIMIT,
  );

  it(
    'everything people can do, in any order, at many moments: one end each',
    async () => {
      const kinds = ['pause', 'resume', 'rollback', 'cancel'] as const;
      for (let i = 0; i < 24; i++) {
        const wishes = kinds.map((kind, at) =>
          wish(3_000 + ((i * 7_919 + at * 13_331) % 90_000), kind),
        );
        const played = await holds(twoDeployments(`wishes ${i}`, wishes));
        expect(endings(played)).toHaveLength(2);
      }
    },
    LIMIT,
  );
});
