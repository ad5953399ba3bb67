import type { Fleet, Pipeline, Stage } from '@gantry/contracts';
import type { DocumentPath, FleetIssue } from './fleet-path.js';
import { entriesOf, ownEntry } from '@gantry/domain';

/** What only shows when pipelines are held against applications, environments and gates. */
export function pipelineIssues(fleet: Fleet): readonly FleetIssue[] {
  const takenBy = new Map<string, string>();
  return entriesOf(fleet.pipelines ?? {}).flatMap(([name, pipeline]) => [
    ...applicationIssues(fleet, name, pipeline, takenBy),
    ...pipeline.stages.flatMap((stage, index) =>
      stageIssues(fleet, pipeline, stage, ['pipelines', name, 'stages', index]),
    ),
    ...environmentsTwice(name, pipeline),
  ]);
}

/** A build that travels two ways at once would be deployed by whichever is faster. */
function applicationIssues(
  fleet: Fleet,
  name: string,
  { applications }: Pipeline,
  takenBy: Map<string, string>,
): FleetIssue[] {
  return applications.flatMap((application, index) => {
    const path = ['pipelines', name, 'applications', index];
    const other = takenBy.get(application);
    takenBy.set(application, name);
    if (!Object.hasOwn(fleet.applications, application))
      return [{ path, message: `no application ${application} is declared under applications` }];
    if (other === undefined) return [];
    const where = other === name ? 'twice in this pipeline' : `also in pipeline ${other}`;
    return [
      { path, message: `application ${application} is ${where}: it can travel one way only` },
    ];
  });
}

function stageIssues(
  fleet: Fleet,
  { applications }: Pipeline,
  { environment, before, after, watch }: Stage,
  path: DocumentPath,
): FleetIssue[] {
  const place = ownEntry(fleet.environments, environment);
  if (place === undefined)
    return [
      {
        path: [...path, 'environment'],
        message: `no environment ${environment} is declared under environments`,
      },
    ];
  const missing = applications.filter((a) => !Object.hasOwn(place.applications, a));
  return [
    ...missing.map((application) => ({
      path: [...path, 'environment'],
      message: `${environment} does not place application ${application}: add it under environments.${environment}.applications`,
    })),
    ...unknownGates(fleet, before, [...path, 'before']),
    ...unknownGates(fleet, after, [...path, 'after']),
    ...unknownGates(fleet, watch, [...path, 'watch']),
    ...watchingPeople(fleet, watch, [...path, 'watch']),
  ];
}

/** Nobody answers the same question every half minute. */
const watchingPeople = (fleet: Fleet, gates: readonly string[], path: DocumentPath): FleetIssue[] =>
  gates.flatMap((gate, index) =>
    ownEntry(fleet.gates ?? {}, gate)?.kind === 'manual'
      ? [{ path: [...path, index], message: `gate ${gate} asks a person: it cannot watch` }]
      : [],
  );

const unknownGates = (fleet: Fleet, gates: readonly string[], path: DocumentPath): FleetIssue[] =>
  gates.flatMap((gate, index) => {
    const at = [...path, index];
    if (gates.indexOf(gate) !== index)
      return [{ path: at, message: `gate ${gate} stands in this list twice: remove one` }];
    return Object.hasOwn(fleet.gates ?? {}, gate)
      ? []
      : [{ path: at, message: `no gate ${gate} is declared: add it under gates` }];
  });

function environmentsTwice(name: string, { stages }: Pipeline): FleetIssue[] {
  return stages.flatMap(({ environment }, index) =>
    stages.findIndex((stage) => stage.environment === environment) === index
      ? []
      : [
          {
            path: ['pipelines', name, 'stages', index, 'environment'],
            message: `${environment} is a stage of this pipeline already: a build comes there once`,
          },
        ],
  );
}
