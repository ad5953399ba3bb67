import { createHash } from 'node:crypto';
import { Fleet, Sha256, type FleetProblem } from '@gantry/contracts';
import type { FleetIssue } from './fleet-path.js';
import { referenceIssues } from './fleet-references.js';
import { shapeIssues } from './fleet-shape.js';
import { readYaml, type YamlDocument } from './yaml-document.js';

/** A fleet file is taken whole or not at all; `sha256` names the very bytes that were read, good or bad. */
export type FleetFile =
  | { readonly ok: true; readonly fleet: Fleet; readonly sha256: Sha256 }
  | { readonly ok: false; readonly problems: FleetProblem[]; readonly sha256: Sha256 };

const MAX_PROBLEMS = 100;
const MAX_PATH = 500;
const MAX_MESSAGE = 1_000;

/**
 * Reads a fleet file's text: YAML, then its shape, then the references between its parts. Never throws; every problem says
 * where it stands and what to do. `source` is how people know the file, for what concerns it as a whole.
 */
export function parseFleetFile(text: string, source: string): FleetFile {
  const sha256 = Sha256.parse(createHash('sha256').update(text).digest('hex'));
  const reading = readYaml(text);
  if (!reading.ok) return refused(reading.problems, source, sha256);
  const { document } = reading;
  const value = document.value;
  const fleet = Fleet.safeParse(value);
  if (!fleet.success)
    return refused(located(shapeIssues(fleet.error, value), document), source, sha256);
  const issues = referenceIssues(fleet.data);
  if (issues.length > 0) return refused(located(issues, document), source, sha256);
  return { ok: true, fleet: fleet.data, sha256 };
}

function located(issues: readonly FleetIssue[], document: YamlDocument): FleetProblem[] {
  // One more than are told, so that `refused` knows there are more: finding a line costs more than finding a problem.
  return issues.slice(0, MAX_PROBLEMS + 1).map((issue) => document.problemAt(issue));
}

function refused(problems: readonly FleetProblem[], source: string, sha256: Sha256): FleetFile {
  const told = problems.slice(0, MAX_PROBLEMS - 1).map((problem) => bounded(problem, source));
  const [next] = problems.slice(MAX_PROBLEMS - 1);
  const rest: FleetProblem[] =
    next === undefined
      ? []
      : [
          {
            ...bounded(next, source),
            path: '',
            message: 'there are more problems from here on: correct those above first',
          },
        ];
  return { ok: false, problems: [...told, ...rest], sha256 };
}

function bounded(problem: FleetProblem, source: string): FleetProblem {
  const message = problem.path === '' ? `${source}: ${problem.message}` : problem.message;
  return {
    ...problem,
    path: problem.path.slice(0, MAX_PATH),
    message: message.slice(0, MAX_MESSAGE),
  };
}
