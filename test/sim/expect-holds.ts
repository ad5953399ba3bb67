import { expect } from '@jest/globals';
import { play, type Played, type PlayOptions } from './play.js';
import type { Scenario } from './scenario.js';

/** Plays it; nothing may be violated. The story of what happened is in the failure. */
export async function holds(scenario: Scenario, options: PlayOptions = {}): Promise<Played> {
  const played = await play(scenario, options);
  const { violation, world } = played;
  if (violation !== undefined)
    throw new Error(`${violation.message}\n${world.sim.trace.story(200)}`);
  expect(world.parked).toEqual([]);
  return played;
}

/** How each deployment ended, in the order in which they were asked for. */
export const endings = ({ world }: Played): readonly string[] =>
  [...world.chronicle.deployments.values()].map((state) => state.status);

/** How often Puppet was started, over all hosts. */
export const starts = ({ world }: Played): number =>
  world.hosts.reduce((sum, host) => sum + host.runs.length, 0);

/** Events of a type, in the order of the log. */
export const eventsOf = ({ world }: Played, type: string): readonly unknown[] =>
  world.chronicle.all.flatMap(({ event }) => (event.type === type ? [event.data] : []));
