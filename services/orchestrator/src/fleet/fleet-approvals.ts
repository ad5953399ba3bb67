import type { ApprovalRule, Fleet } from '@gantry/contracts';
import { entriesOf, isAutomation, ownEntry, placementsOf } from '@gantry/domain';
import { known, repeated } from './fleet-lists.js';
import type { DocumentPath, FleetIssue } from './fleet-path.js';

/** What is wrong with groups, and with approvals that nobody could give. */
export function approvalIssues(fleet: Fleet): readonly FleetIssue[] {
  const written = [
    ...entriesOf(fleet.environments).map(([name, { approval }]) => ({
      path: ['environments', name, 'approval'],
      approval,
    })),
    ...placementsOf(fleet).map(({ path, placement: { approval } }) => ({
      path: [...path, 'approval'],
      approval,
    })),
  ];
  return [
    ...entriesOf(fleet.groups ?? {}).flatMap(([name, people]) =>
      groupIssues(people, ['groups', name]),
    ),
    ...written.flatMap(({ path, approval }) =>
      approval === undefined ? [] : ruleIssues(fleet, approval, path),
    ),
  ];
}

function groupIssues(people: readonly string[], path: DocumentPath): readonly FleetIssue[] {
  const machines = people.flatMap((actor, index) =>
    isAutomation(actor)
      ? [
          {
            path: [...path, index],
            message: `${actor} is no person, and its approval counts for nothing: remove it`,
          },
        ]
      : [],
  );
  return [...repeated(people, path, 'actor'), ...machines];
}

function ruleIssues(
  fleet: Fleet,
  { group, quorum }: ApprovalRule,
  path: DocumentPath,
): readonly FleetIssue[] {
  if (group === undefined) return [];
  const people = ownEntry(fleet.groups ?? {}, group);
  if (people === undefined)
    return [
      {
        path: [...path, 'group'],
        message: `no group ${group} is declared: add it under groups${known(fleet.groups ?? {})}`,
      },
    ];
  const size = new Set(people).size;
  if (quorum <= size) return [];
  return [
    {
      path: [...path, 'quorum'],
      message: `${quorum} approvals are wanted, but the group ${group} has only ${size}: lower it, or add people to the group`,
    },
  ];
}
