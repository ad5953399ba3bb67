import { describe, expect, it } from '@jest/globals';
import type { Fact } from '../decision.js';
import { standingAfter } from './host-standing.js';

const fact = (type: string, data: object): Fact =>
  ({
    type,
    data: { host: 'web1.lab', ...data },
    at: '2026-01-01T00:00:00.000Z',
  }) as unknown as Fact;
const place = { pool: 'web', device: 'lb1', backend: 'web', member: 'm1' };

describe('where a host stands after an event', () => {
  it.each([
    ['lb.drain.requested', 'asked-out'],
    ['lb.enable.requested', 'asked-in'],
  ])('%s: %s, under its claim, and where it is a member', (type, standing) => {
    const memberships = [{ ...place, minInService: 2 }];
    expect(standingAfter(fact(type, { epoch: 7, memberships }))).toEqual({
      change: 'asked',
      standing: { host: 'web1.lab', epoch: 7, standing, memberships: [place] },
    });
  });

  it.each([
    ['deployment.host-drained', {}, 'out'],
    ['deployment.host-enabled', {}, 'in'],
    ['deployment.host-failed', { outOfService: true }, 'out'],
    ['deployment.host-failed', { outOfService: false }, 'in'],
  ])('%s %j: %s', (type, data, standing) => {
    expect(standingAfter(fact(type, data))).toEqual({ change: 'came', host: 'web1.lab', standing });
  });

  it.each(['deployment.host-reserved', 'deployment.host-done', 'lb.survey.requested'])(
    '%s: as before',
    (type) => {
      expect(standingAfter(fact(type, {}))).toBeUndefined();
    },
  );
});
