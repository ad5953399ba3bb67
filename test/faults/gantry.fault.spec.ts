import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { scenario } from '../dsl/scenario.js';
import { System } from '../dsl/system.js';
import { allAtOnce } from './all-at-once.js';
import { gatewayKilled } from './gateway-killed.js';
import { Rollouts, VERSIONS } from './rollouts.js';
import { partsAway } from './away.js';
import { servicesRolled } from './rolled.js';
import { servicesKilled } from './services-killed.js';

const MINUTE = 60_000;
jest.setTimeout(2 * MINUTE);

// One installation for all: real services on real ActiveMQ, Postgres and HAProxy, real listeners on hosts of their own;
// only Puppet itself is played, by a script that installs real RPMs and notes every run.
describe('Gantry under faults', () => {
  let system: System | undefined;
  const running = (): System => {
    if (system === undefined) throw new Error('the system did not start');
    return system;
  };
  const words = scenario(running);
  const rollouts = new Rollouts(running, words);
  const stage = { system: running, words, rollouts };

  beforeAll(async () => {
    system = await System.start('played');
    await words.given.customers(...VERSIONS);
  }, 5 * MINUTE);

  afterAll(async () => {
    const left = await system?.stop();
    expect(left ?? []).toEqual([]);
  }, MINUTE);

  gatewayKilled(stage);
  allAtOnce(stage);
  servicesKilled(stage);
  servicesRolled(stage);
  partsAway(stage);

  it('customers noticed nothing of all that', () => {
    words.then.customersNoticedNothing();
  });
});
