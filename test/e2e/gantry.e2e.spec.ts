import { jest } from '@jest/globals';
import { onASystem } from '../dsl/on-a-system.js';
import { badInput } from './bad-input.js';
import { commandLine } from './command-line.js';
import { mainJob } from './main-job.js';
import { pipeline } from './pipeline.js';

jest.setTimeout(5 * 60_000);

onASystem('Gantry on a real fleet', 'real', ({ system, words }) => {
  mainJob(system, words);
  badInput(system, words);
  commandLine(system, words);
  pipeline(system, words);
});
