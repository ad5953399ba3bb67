import { describe, expect, it } from '@jest/globals';
import { World } from '../../test/world.js';
import { claimsOfDeployment, initialDeployment } from '../index.js';

describe('what a deployment holds', () => {
  it('is nothing before its plan, and nothing after its end', () => {
    const world = new World();
    expect(claimsOfDeployment(initialDeployment)).toEqual([]);
    world.request();
    expect(claimsOfDeployment(world.state)).toEqual([]);
    world.settle();
    expect(claimsOfDeployment(world.state)).toEqual([]);
  });

  it('is each host while its turn goes on, with its members, its servers and its epoch', () => {
    const world = new World({ pools: ['shop', 'wide'] });
    world.request();
    world.until(() => world.phase('web1.lab') === 'running-puppet');
    const [reserved] = world.of('deployment.host-reserved');
    expect(claimsOfDeployment(world.state)).toEqual([
      {
        host: 'web1.lab',
        epoch: reserved?.data.epoch,
        members: [
          { pool: 'shop', member: 'web1.lab' },
          { pool: 'wide', member: 'web1.lab' },
        ],
        servers: ['puppet.lab'],
      },
    ]);
  });

  it('goes on while a turn turns round, under a newer epoch', () => {
    const world = new World();
    world.request();
    world.until(() => world.phase('web1.lab') === 'running-puppet');
    const before = claimsOfDeployment(world.state)[0]?.epoch ?? 0;
    world.command('rollback');
    world.until(() => world.count('deployment.host-reserved') === 2);
    expect(claimsOfDeployment(world.state)[0]?.epoch).toBeGreaterThan(before);
  });

  it('is given back with the turn, although the host stays out of service', () => {
    const world = new World({ scripts: { 'web1.lab': { healthy: false } } });
    world.request();
    world.settle();
    expect(world.outOfService()).toEqual(['web1.lab']);
    expect(claimsOfDeployment(world.state)).toEqual([]);
  });
});
