import { given } from './given.js';
import type { System } from './system.js';
import { then } from './then.js';
import { when } from './when.js';

/** The three words scenarios are written with, about one system. */
export function scenario(system: () => System) {
  return { given: given(system), when: when(system), then: then(system) };
}

/** What a file of scenarios is given. */
export type Scenario = ReturnType<typeof scenario>;
