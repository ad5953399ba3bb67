import type { ApplicationName, ApprovalRule, EnvironmentName, Fleet } from '@gantry/contracts';
import { ownEntry } from './fleet-placements.js';

/** Whose consent an application's plans need in an environment: what the placement says, or else the environment. */
export function approvalFor(
  fleet: Fleet,
  environment: EnvironmentName,
  application: ApplicationName,
): ApprovalRule | undefined {
  const surroundings = ownEntry(fleet.environments, environment);
  const placement = surroundings && ownEntry(surroundings.applications, application);
  return placement?.approval ?? surroundings?.approval;
}

/** Who is in the group that must agree, now; undefined where anybody may. A group that is gone has nobody in it. */
export function peopleOf(
  fleet: Fleet | undefined,
  rule: ApprovalRule | undefined,
): readonly string[] | undefined {
  if (rule?.group === undefined) return undefined;
  return ownEntry(fleet?.groups ?? {}, rule.group) ?? [];
}
