import type { HostProof, PinnedPackage } from '@gantry/contracts';
import type { HostInFlight } from './steps.js';
import type { RunOutcome } from './state.js';

/** The chain of proof of a turn; undefined while a link is missing. `drained` and `inService` are null for a host in no pool. */
export function proofOf({ turn, memberships }: HostInFlight): HostProof | undefined {
  const { run, health, drained, enabled } = turn;
  const served = memberships.length === 0 || (drained !== null && enabled !== undefined);
  if (run?.report == null || health?.healthy !== true || !served) return undefined;
  const { goodInRow, attempts, lastBody, finishedAt } = health;
  return {
    drained,
    puppetReport: run.report,
    installed: run.after,
    healthy: { goodInRow, attempts, lastBody, finishedAt },
    inService: enabled ?? null,
  };
}

/** Why a run that is called converged does not prove that the wanted version is there; undefined = it does. */
export function doubtOf(run: RunOutcome, wanted: readonly PinnedPackage[]): string | undefined {
  if (run.report === null) return 'it came without a report';
  if (run.report.jobId !== run.requestId)
    return `its report is of another run (${run.report.jobId})`;
  const wrong = wanted.find((w) => run.after.find((p) => p.name === w.name)?.evr !== w.evr);
  if (wrong === undefined) return undefined;
  const is = run.after.find((p) => p.name === wrong.name)?.evr ?? 'not installed';
  return `${wrong.name} is ${is} instead of ${wrong.evr}`;
}
