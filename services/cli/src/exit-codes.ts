import type { DeploymentStatus } from '@gantry/contracts';

/** How a command ended, for scripts. The numbers are promised: docs/exit-codes.md. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  invalid: 2,
  refused: 3,
  succeededWithFailures: 4,
  failed: 5,
  rolledBack: 6,
  rollbackFailed: 7,
  cancelled: 8,
  pausedForPerson: 9,
  overtaken: 10,
  unreachable: 11,
  waitTimedOut: 12,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each number means. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [
    EXIT.ok,
    'what was asked for was reached (deploy --wait: succeeded; rollback --wait: rolled back)',
  ],
  [EXIT.unexpected, 'unexpected error'],
  [
    EXIT.invalid,
    'wrong usage or invalid input: unknown application, environment, build, host or id',
  ],
  [EXIT.refused, 'refused by a guard rail, or the deployment ended refused; nothing was changed'],
  [EXIT.succeededWithFailures, 'the deployment succeeded, but not on every host'],
  [EXIT.failed, 'the deployment or release failed; refresh --wait: not every host converged'],
  [EXIT.rolledBack, 'the deployment was rolled back'],
  [EXIT.rollbackFailed, 'the rollback failed: some host is not back'],
  [EXIT.cancelled, 'the deployment was cancelled, or the release stopped'],
  [EXIT.pausedForPerson, 'the deployment or release stopped by itself and waits for a person'],
  [EXIT.overtaken, 'the deployment or release was superseded, or expired before it began'],
  [EXIT.unreachable, 'the server does not answer, or is not ready'],
  [EXIT.waitTimedOut, 'the wait timed out; the deployment goes on'],
  [EXIT.interrupted, 'interrupted (Ctrl-C); the deployment goes on'],
];

const ENDINGS: Readonly<Record<DeploymentStatus, ExitCode | undefined>> = {
  requested: undefined,
  planned: undefined,
  'awaiting-approval': undefined,
  waiting: undefined,
  running: undefined,
  paused: undefined,
  verifying: undefined,
  cancelling: undefined,
  'rolling-back': undefined,
  refused: EXIT.refused,
  succeeded: EXIT.ok,
  'succeeded-with-failures': EXIT.succeededWithFailures,
  failed: EXIT.failed,
  'rolled-back': EXIT.rolledBack,
  'rollback-failed': EXIT.rollbackFailed,
  cancelled: EXIT.cancelled,
  superseded: EXIT.overtaken,
  expired: EXIT.overtaken,
};

/** The exit code of a deployment's end; undefined while it has not ended. */
export function exitCodeOf(status: DeploymentStatus): ExitCode | undefined {
  return ENDINGS[status];
}
