import {
  type Strategy,
  type ApplicationName,
  type EnvironmentName,
  type Fleet,
  type StrategyOverride,
} from '@gantry/contracts';
import { ownEntry } from './fleet-placements.js';

/**
 * The strategy of an application in an environment: the application's own, with what the placement says put over it, field
 * by field (a placement that only changes the drain's time-out keeps the application's connection limit).
 * Undefined where the application is not placed.
 */
export function strategyFor(
  fleet: Fleet,
  environment: EnvironmentName,
  application: ApplicationName,
): Strategy | undefined {
  const base = ownEntry(fleet.applications, application)?.strategy;
  const surroundings = ownEntry(fleet.environments, environment);
  const placement = surroundings && ownEntry(surroundings.applications, application);
  if (base === undefined || placement === undefined) return undefined;
  return overlay(base, placement.strategy ?? {});
}

function overlay(base: Strategy, over: StrategyOverride): Strategy {
  return {
    ...base,
    ...written(over),
    canary: { ...base.canary, ...written(over.canary) },
    drain: { ...base.drain, ...written(over.drain) },
    run: { ...base.run, ...written(over.run) },
  };
}

type Written<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Only the fields that have a value: a field set to undefined must not hide the application's own. */
function written<T extends object>(fields: T | undefined): Written<T> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).filter(([, value]) => value !== undefined),
  ) as Written<T>;
}
