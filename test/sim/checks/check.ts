import type { World } from '../world/world.js';

/** Something that must hold: looked at after every step, and once more when everything is at rest. Throws a Violation. */
export interface Check {
  afterStep?(world: World): void;
  atRest?(world: World): void | Promise<void>;
}
