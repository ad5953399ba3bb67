import type {
  ApplicationName,
  ChangeWindow,
  EnvironmentName,
  Fleet,
  Freeze,
  WhenWindowCloses,
} from '@gantry/contracts';
import { freezesOf } from './freezes.js';

/** What the fleet file says about the times of one application in one environment. */
export interface TargetCalendar {
  readonly windows: readonly ChangeWindow[];
  readonly freezes: readonly Freeze[];
  readonly whenWindowCloses: WhenWindowCloses;
}

/** The calendar of an application in an environment. A fleet that says nothing about times lets changes begin at any. */
export function calendarFor(
  fleet: Fleet,
  target: { readonly application: ApplicationName; readonly environment: EnvironmentName },
): TargetCalendar {
  const environment = Object.hasOwn(fleet.environments, target.environment)
    ? fleet.environments[target.environment]
    : undefined;
  return {
    windows: environment?.windows ?? [],
    freezes: freezesOf(fleet.freezes ?? [], target),
    whenWindowCloses: environment?.whenWindowCloses ?? 'finish',
  };
}
