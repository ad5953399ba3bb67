import type { InstalledPackage, RunVerdict } from '@gantry/contracts';
import type { RunEvidence } from './run-evidence.js';
import { failed, notRun } from './verdict-parts.js';

/**
 * Without a report of this run there was no run: the report on disk is somebody else's, whatever it says. Only when the log or
 * the RPM database shows that work had begun is the host called half changed instead of untouched.
 */
export function notRunVerdict(evidence: RunEvidence): RunVerdict {
  const { log } = evidence;
  if (log.disabled !== undefined) {
    const reason = log.disabled === '' ? 'no reason given' : log.disabled;
    return notRun('disabled', `Puppet is disabled on this host: ${reason}`);
  }
  if (log.busy) return notRun('busy', 'Another Puppet run held the lock for all the time allowed.');
  if (log.applying || changed(evidence)) {
    const how = evidence.killed
      ? 'ran over its time limit and was killed'
      : 'ended without a report';
    return failed(
      evidence.killed ? 'timed-out' : 'interrupted',
      `The run ${how} after it had begun to change things; the host may be half changed.`,
    );
  }
  if (evidence.rebooted) {
    return failed(
      'interrupted',
      'The host was started anew during the run; it may be half changed.',
    );
  }
  if (log.certificate !== undefined) return notRun('certificate', log.certificate.trim());
  return unexplained(evidence);
}

function unexplained(evidence: RunEvidence): RunVerdict {
  const { log, reading, exitCode } = evidence;
  if (log.terminated || evidence.killed || exitCode === null) {
    return notRun('interrupted', 'The run ended before it had begun to change things.');
  }
  const report =
    reading.kind === 'unreadable'
      ? `the report cannot be read (${reading.why})`
      : 'there is no report of it';
  const said = log.lastError === undefined ? '' : ` Puppet said: ${log.lastError}`;
  return notRun('unexplained', `Puppet exited with ${exitCode}, and ${report}.${said}`);
}

function changed({ before, after }: RunEvidence): boolean {
  const evrOf = (list: readonly InstalledPackage[], name: string): string | null | undefined =>
    list.find((installed) => installed.name === name)?.evr;
  return after.some(
    (now) => evrOf(before, now.name) !== undefined && evrOf(before, now.name) !== now.evr,
  );
}
