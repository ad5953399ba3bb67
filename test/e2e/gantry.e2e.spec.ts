import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { scenario } from '../dsl/scenario.js';
import { System } from '../dsl/system.js';
import { badInput } from './bad-input.js';
import { commandLine } from './command-line.js';
import { crashesOfServices } from './crashes-of-services.js';
import { infrastructureRestarts } from './infrastructure-restarts.js';
import { mainJob } from './main-job.js';
import { pipeline } from './pipeline.js';
import { twoOrchestrators } from './two-orchestrators.js';

// A Puppet server and a fleet need minutes on a busy machine; the tests themselves wait for conditions.
const MINUTE = 60_000;
jest.setTimeout(5 * MINUTE);

// One lab for all: a fleet takes longer to start than any scenario to play. They run in this order, each beginning where
// the one before it left the fleet.
describe('Gantry on a real fleet', () => {
  let system: System | undefined;
  const running = (): System => {
    if (system === undefined) throw new Error('the system did not start');
    return system;
  };
  const words = scenario(running);

  beforeAll(async () => {
    system = await System.start();
  }, 10 * MINUTE);

  afterAll(async () => {
    const left = await system?.stop();
    expect(left ?? []).toEqual([]);
  }, 2 * MINUTE);

  mainJob(running, words);
  badInput(running, words);
  commandLine(running, words);
  crashesOfServices(words);
  infrastructureRestarts(words);
  twoOrchestrators(words);
  pipeline(running, words);
});
