import type {
  ApplicationName,
  ApprovalRule,
  EnvironmentName,
  Fleet,
  FleetLoss,
  Pipeline,
  Stage,
} from '@gantry/contracts';
import { approvalFor } from './approval-for.js';
import { entriesOf, ownEntry, placementsOf } from './fleet-placements.js';
import { strategyFor } from './strategy-for.js';

/** What would let more go wrong with the same hosts: minimums that are lowered, approvals and gates that are dropped. */
export function safeguardLosses(before: Fleet, after: Fleet): readonly FleetLoss[] {
  return [
    ...placementsOf(before).flatMap(({ environment, application, path }) => {
      const now = ownEntry(after.environments, environment);
      if (now === undefined || !Object.hasOwn(now.applications, application)) return [];
      const where = { environment, application, path: path.join('.') };
      return [...loweredMinimums(before, after, where), ...weakerApproval(before, after, where)];
    }),
    ...entriesOf(before.pipelines ?? {}).flatMap(([name, pipeline]) => {
      const now = ownEntry(after.pipelines ?? {}, name);
      return now === undefined ? [] : stageLosses(`pipelines.${name}`, pipeline, now);
    }),
  ];
}

interface Where {
  readonly environment: EnvironmentName;
  readonly application: ApplicationName;
  readonly path: string;
}

const MINIMUMS = ['minPercent', 'absoluteMin'] as const;

/** What counts is what holds for the placement, wherever in the file it stands. */
function loweredMinimums(
  before: Fleet,
  after: Fleet,
  { environment, application, path }: Where,
): FleetLoss[] {
  const was = strategyFor(before, environment, application);
  const now = strategyFor(after, environment, application);
  if (was === undefined || now === undefined) return [];
  return MINIMUMS.filter((minimum) => now[minimum] < was[minimum]).map((minimum) => ({
    path: `${path}.strategy.${minimum}`,
    message: `is lowered from ${was[minimum]} to ${now[minimum]}`,
  }));
}

function weakerApproval(
  before: Fleet,
  after: Fleet,
  { environment, application, path }: Where,
): FleetLoss[] {
  const was = approvalFor(before, environment, application);
  const message = was && weakerThan(was, approvalFor(after, environment, application));
  return message === undefined ? [] : [{ path: `${path}.approval`, message }];
}

function weakerThan(was: ApprovalRule, now: ApprovalRule | undefined): string | undefined {
  if (now === undefined) return 'is dropped: nobody would have to agree any more';
  if (now.quorum < was.quorum) return `is lowered from ${was.quorum} people to ${now.quorum}`;
  if (was.group !== undefined && now.group === undefined)
    return `is opened from the group ${was.group} to everybody`;
  return undefined;
}

/** A build would come past fewer questions on the same way. */
function stageLosses(path: string, before: Pipeline, after: Pipeline): FleetLoss[] {
  return before.stages.flatMap((stage) => {
    const at = `${path}.stages[${stage.environment}]`;
    const now = after.stages.find(({ environment }) => environment === stage.environment);
    if (now === undefined)
      return [{ path: at, message: 'is removed: builds would travel past it' }];
    const asked =
      stage.start === 'approval' && now.start !== 'approval'
        ? [{ path: `${at}.start`, message: 'no longer waits for an approval' }]
        : [];
    return [...asked, ...droppedGates(at, stage, now)];
  });
}

const droppedGates = (path: string, before: Stage, after: Stage): FleetLoss[] =>
  (['before', 'after', 'watch'] as const).flatMap((when) =>
    before[when]
      .filter((gate) => !after[when].includes(gate))
      .map((gate) => ({ path: `${path}.${when}`, message: `no longer asks gate ${gate}` })),
  );
