import type { ChangeWindow, Fleet, Freeze } from '@gantry/contracts';
import { entriesOf, isLocalDateTime, isTimeZone, recurrenceProblem } from '@gantry/domain';
import { known, repeated } from './fleet-lists.js';
import { quoted, type DocumentPath, type FleetIssue } from './fleet-path.js';

/** What is wrong with windows and freezes: times that cannot be, zones and names that nobody knows. */
export function calendarIssues(fleet: Fleet): readonly FleetIssue[] {
  const windows = entriesOf(fleet.environments).flatMap(([environment, { windows = [] }]) =>
    windows.flatMap((window, i) =>
      windowIssues(window, ['environments', environment, 'windows', i]),
    ),
  );
  const freezes = fleet.freezes ?? [];
  return [
    ...windows,
    ...sameNames(freezes),
    ...freezes.flatMap((freeze, i) => [
      ...freezeNames(fleet, freeze, ['freezes', i]),
      ...freezeTimes(freeze, ['freezes', i]),
    ]),
  ];
}

function windowIssues(window: ChangeWindow, path: DocumentPath): readonly FleetIssue[] {
  const { days, from, to } = window;
  const issues = [...repeated(days, [...path, 'days'], 'day'), ...zoneIssues(window, path)];
  if (from === to) {
    issues.push({
      path: [...path, 'to'],
      message: `the window ends at ${to}, when it begins: for the whole day write from 00:00 to 24:00`,
    });
  }
  return issues;
}

const zoneIssues = (
  { timeZone }: { readonly timeZone: string },
  path: DocumentPath,
): FleetIssue[] =>
  isTimeZone(timeZone)
    ? []
    : [
        {
          path: [...path, 'timeZone'],
          message: `no time zone ${quoted(timeZone)} is known: write its IANA name, such as Europe/Amsterdam`,
        },
      ];

/** A freeze is known by its name, in an override too: the same name twice would override both. */
function sameNames(freezes: readonly Freeze[]): readonly FleetIssue[] {
  return freezes.flatMap(({ name }, i) =>
    freezes.findIndex((other) => other.name === name) === i
      ? []
      : [
          {
            path: ['freezes', i, 'name'],
            message: `another freeze is called ${name} already: choose another name`,
          },
        ],
  );
}

function freezeNames(fleet: Fleet, freeze: Freeze, path: DocumentPath): readonly FleetIssue[] {
  const { applications = [] } = freeze;
  const environments = freeze.environments === 'all' ? [] : freeze.environments;
  return [
    ...repeated(environments, [...path, 'environments'], 'environment'),
    ...undeclared(environments, 'environment', fleet.environments, [...path, 'environments']),
    ...repeated(applications, [...path, 'applications'], 'application'),
    ...undeclared(applications, 'application', fleet.applications, [...path, 'applications']),
  ];
}

function undeclared(
  names: readonly string[],
  what: string,
  declared: object,
  path: DocumentPath,
): readonly FleetIssue[] {
  return names.flatMap((name, i) =>
    Object.hasOwn(declared, name)
      ? []
      : [
          {
            path: [...path, i],
            message: `no ${what} ${name} is declared: correct it${known(declared)}`,
          },
        ],
  );
}

/** One thing after the other: a rule says nothing about times that cannot be. */
function freezeTimes(freeze: Freeze, path: DocumentPath): readonly FleetIssue[] {
  const issues = zoneIssues(freeze, path);
  for (const end of ['from', 'to'] as const)
    if (!isLocalDateTime(freeze[end]))
      issues.push({
        path: [...path, end],
        message: `${freeze[end].slice(0, 10)} is no day of the calendar: correct it`,
      });
  if (issues.length > 0) return issues;
  if (freeze.from >= freeze.to)
    return [
      {
        path: [...path, 'to'],
        message: `the freeze ends on ${freeze.to}, not after it begins on ${freeze.from}: correct one of the two`,
      },
    ];
  const problem = recurrenceProblem(freeze);
  return problem === undefined
    ? []
    : [{ path: [...path, 'repeats'], message: `${problem}: correct the rule or the times` }];
}
