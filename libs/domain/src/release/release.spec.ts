import { describe, expect, it } from '@jest/globals';
import { Evr } from '@gantry/contracts';
import { NEWER, RELEASE, ReleaseWorld, stage } from '../../test/release-world.js';
import type { ReleaseEvent } from './input.js';

const command = (type: string, data: object): ReleaseEvent =>
  ({ type, data: { releaseId: RELEASE, reason: 'because', ...data } }) as unknown as ReleaseEvent;
const newer = { by: NEWER, evr: Evr.parse('1.3.0-1') };

describe('a release', () => {
  it('travels by itself: gates before, deployment, gates after, soak, the next stage, the end', () => {
    const world = new ReleaseWorld();
    world.create(
      stage('certification', { before: ['lint'], after: ['smoke', 'selenium'], soakMs: 60_000 }),
      stage('production'),
    );
    expect(world.of('gate.requested').map((g) => g.gate)).toEqual(['lint']);
    expect(world.openDeployments).toEqual([]);
    world.gate(world.openGates[0]!, 'pass');
    expect(world.of('release.deployment-requested')).toMatchObject([
      { environment: 'certification', application: 'shop', evr: '1.2.0-1' },
    ]);
    world.ends(world.openDeployments[0]!, 'succeeded');
    expect(world.openGates).toHaveLength(2);
    for (const run of world.openGates) world.gate(run, 'pass');
    expect(world.last).toBe('release.soak-started');
    world.look();
    expect(world.last).toBe('release.soak-started');
    world.nowMs += 60_000;
    world.look();
    expect(world.openDeployments).toHaveLength(1);
    world.ends(world.openDeployments[0]!, 'succeeded');
    expect(world.last).toBe('release.succeeded');
    expect(world.of('release.stage-passed').map((s) => s.stage)).toEqual([0, 1]);
  });

  it('stops where a gate fails, and does not wait for the others', () => {
    const world = new ReleaseWorld();
    world.create(stage('certification', { after: ['smoke', 'selenium'] }), stage('production'));
    world.ends(world.openDeployments[0]!, 'succeeded');
    const [smoke, selenium] = world.openGates;
    world.gate(selenium!, 'fail');
    expect(world.of('release.failed')).toEqual([{ stage: 0, because: 'the gate selenium failed' }]);
    expect(world.of('gate.cancel-requested').map((g) => g.gateRunId)).toEqual([smoke]);
    expect(world.of('release.deployment-requested')).toHaveLength(1);
  });

  it.each(['failed', 'rolled-back', 'cancelled', 'refused', 'succeeded-with-failures'])(
    'stops where its deployment ends %s',
    (outcome) => {
      const world = new ReleaseWorld();
      world.create(stage('certification'), stage('production'));
      world.ends(world.openDeployments[0]!, outcome);
      expect(world.last).toBe('release.failed');
    },
  );

  it('asks for its deployment again, under its id, when nobody knows it: what asked for it was lost', () => {
    const world = new ReleaseWorld();
    world.create(stage('certification'));
    const [deployment = ''] = world.openDeployments;
    const asked = () => world.of('release.deployment-requested');
    world.nowMs += 60_000;
    world.look();
    expect(asked()).toHaveLength(1);
    world.sight = { ...world.sight, unknown: [deployment] };
    world.look();
    world.nowMs += 19_999;
    world.look();
    expect(asked()).toHaveLength(2);
    expect(asked()[1]).toEqual(asked()[0]);
    world.nowMs += 1;
    world.look();
    expect(asked()).toHaveLength(3);
    world.sight = { ...world.sight, unknown: [] };
    world.ends(deployment, 'succeeded');
    expect(world.last).toBe('release.succeeded');
  });

  it('pauses for a person where a gate says neither yes nor no: again, or taken as passed', () => {
    const world = new ReleaseWorld();
    world.create(stage('certification', { before: ['smoke'] }));
    const [first] = world.openGates;
    world.gate(first!, 'inconclusive');
    expect(world.last).toBe('release.paused');
    expect(world.also).toContain('attention.opened');
    world.give(command('release.resume', { how: 'again' }));
    const [second] = world.openGates;
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
    expect(world.gate(first!, 'pass')).toMatchObject({ outcome: 'ignored' });
    world.gate(second!, 'inconclusive');
    world.give(command('release.resume', { how: 'accept' }));
    expect(world.openDeployments).toHaveLength(1);
    expect(world.also.filter((t) => t === 'attention.closed').length).toBeGreaterThan(0);
  });

  it('asks a person where a gate is one, and takes nobody else\u2019s answer', () => {
    const world = new ReleaseWorld();
    world.create(stage('production', { before: ['ask-boss'] }));
    expect(world.also).toEqual(['attention.opened']);
    expect(world.gate(world.openGates[0]!, 'inconclusive')).toMatchObject({ outcome: 'ignored' });
    expect(world.gate(world.openGates[0]!, 'pass')).toMatchObject({ outcome: 'ignored' });
    const answer = (gate: string) =>
      world.give(command('release.answer-gate', { gate, verdict: 'pass' }));
    expect(answer('other')).toMatchObject({ outcome: 'refused' });
    answer('ask-boss');
    expect(world.openDeployments).toHaveLength(1);
    expect(answer('ask-boss')).toMatchObject({ outcome: 'refused' });
  });

  it('waits while it is held, says why once, and goes on when that ends', () => {
    const world = new ReleaseWorld();
    const hold = { rule: 'window', detail: 'outside its windows' } as const;
    world.sight = { ...world.sight, hold };
    world.create(stage('production'));
    for (let n = 0; n < 5; n++) world.wait();
    expect(world.of('release.held')).toEqual([hold]);
    expect(world.openDeployments).toEqual([]);
    world.sight = { ...world.sight, hold: { rule: 'freeze', detail: 'year end' } };
    world.wait();
    expect(world.of('release.held').map((h) => h.rule)).toEqual(['window', 'freeze']);
    world.sight = { ...world.sight, hold: undefined };
    world.wait();
    expect(world.of('release.freed')).toHaveLength(1);
    expect(world.openDeployments).toHaveLength(1);
  });

  it('does not begin a stage before it was looked whether something holds that one', () => {
    const world = new ReleaseWorld();
    world.holdIn(1, { rule: 'lock', detail: 'the database moves' });
    world.create(stage('certification'), stage('production'));
    world.ends(world.openDeployments[0]!, 'succeeded');
    expect(world.of('release.held')).toMatchObject([{ rule: 'lock' }]);
    expect(world.of('release.deployment-requested')).toHaveLength(1);
    world.holdIn(1, undefined);
    world.wait();
    expect(world.openDeployments).toHaveLength(1);
  });

  it('a window that closes while the gates are asked holds it before it deploys', () => {
    const world = new ReleaseWorld();
    world.create(stage('production', { before: ['smoke'] }));
    world.sight = { ...world.sight, hold: { rule: 'window', detail: 'closed' } };
    world.gate(world.openGates[0]!, 'pass');
    expect(world.openDeployments).toEqual([]);
    world.sight = { ...world.sight, hold: undefined };
    world.wait();
    expect(world.openDeployments).toHaveLength(1);
  });

  it('newest wins: one that waits is superseded at once, one that deploys when that has ended', () => {
    const waiting = new ReleaseWorld();
    waiting.sight = { ...waiting.sight, hold: { rule: 'window', detail: 'closed' } };
    waiting.create(stage('production'));
    waiting.sight = { ...waiting.sight, newer };
    waiting.wait();
    expect(waiting.last).toBe('release.superseded');

    const deploying = new ReleaseWorld();
    deploying.create(stage('certification'), stage('production'));
    deploying.sight = { ...deploying.sight, newer };
    deploying.wait();
    expect(deploying.openDeployments).toHaveLength(1);
    deploying.ends(deploying.openDeployments[0]!, 'succeeded');
    expect(deploying.last).toBe('release.superseded');
    expect(deploying.of('release.deployment-requested')).toHaveLength(1);
  });

  it('asks again for a deployment that could not be taken for now', () => {
    const world = new ReleaseWorld();
    world.create(stage('production'));
    const [first] = world.openDeployments;
    world.ends(first!, 'busy');
    expect(world.openDeployments).toEqual([]);
    for (let n = 0; n < 5 && world.openDeployments.length === 0; n++) world.wait();
    const [second] = world.openDeployments;
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
    world.ends(second!, 'succeeded');
    expect(world.last).toBe('release.succeeded');
  });

  it('releases linked applications together: the stage passes when all have', () => {
    const world = new ReleaseWorld(['shop', 'portal']);
    world.create(stage('certification'), stage('production'));
    const [shop, portal] = world.openDeployments;
    world.ends(shop!, 'succeeded');
    expect(world.of('release.stage-passed')).toEqual([]);
    world.ends(portal!, 'succeeded');
    expect(world.of('release.stage-passed')).toEqual([{ stage: 0 }]);
    expect(world.openDeployments).toHaveLength(2);
  });

  it('a hotfix leaves stages out, on record', () => {
    const world = new ReleaseWorld();
    world.create(
      stage('certification', { skipped: true }),
      stage('staging', { skipped: true }),
      stage('production'),
    );
    expect(world.of('release.stage-entered')).toEqual([{ stage: 2, environment: 'production' }]);
  });

  it('a gate that never answers is asked for again under its id, and in the end is inconclusive', () => {
    const world = new ReleaseWorld();
    world.create(stage('certification', { before: ['smoke'] }));
    for (let n = 0; n < 20 && world.last !== 'release.paused'; n++) world.wait();
    expect(new Set(world.of('gate.requested').map((g) => g.gateRunId)).size).toBe(1);
    expect(world.of('gate.requested')).toHaveLength(3);
    expect(world.of('release.gate-finished')).toMatchObject([{ verdict: 'inconclusive' }]);
  });

  it('no silence counts while messages do not travel', () => {
    const world = new ReleaseWorld();
    world.create(stage('certification', { before: ['smoke'] }));
    for (let n = 0; n < 20; n++) {
      world.heardSince = new Date(world.nowMs + 3_600_000).toISOString();
      world.wait();
    }
    expect(world.of('release.gate-finished')).toEqual([]);
  });

  it('is stopped by a person wherever it stands, and nothing follows', () => {
    const world = new ReleaseWorld();
    world.create(stage('certification', { before: ['smoke'] }));
    const [run] = world.openGates;
    world.give(command('release.stop', {}));
    expect(world.of('gate.cancel-requested').map((g) => g.gateRunId)).toEqual([run]);
    expect(world.last).toBe('release.stopped');
    expect(world.gate(run!, 'pass').outcome).toBe('ignored');
    expect(world.look().outcome).toBe('ignored');
    expect(world.give(command('release.resume', { how: 'again' })).outcome).toBe('refused');
  });
});
