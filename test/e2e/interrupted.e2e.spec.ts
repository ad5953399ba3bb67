import { jest } from '@jest/globals';
import { onASystem } from '../dsl/on-a-system.js';
import { crashesOfServices } from './crashes-of-services.js';
import { infrastructureRestarts } from './infrastructure-restarts.js';
import { twoOrchestrators } from './two-orchestrators.js';

jest.setTimeout(5 * 60_000);

onASystem('Gantry on a real fleet, interrupted', 'real', ({ words }) => {
  crashesOfServices(words);
  infrastructureRestarts(words);
  twoOrchestrators(words);
});
