import type { RunVerdict, WantedPackage } from '@gantry/contracts';
import type { LogEvidence } from './log-evidence.js';
import type { ReadReport } from './report.js';
import type { CatalogVersions, RunEvidence } from './run-evidence.js';
import { notRunVerdict } from './verdict-not-run.js';
import { failed } from './verdict-parts.js';

/**
 * What became of a run. The order is the contract: report of this run, catalog not from the cache, not noop, completed, no
 * failed resource, RPM database. The exit code is told in details and decides nothing: Puppet was seen to exit 0 with an old
 * catalog applied, with nothing applied, and when killed.
 */
export function verdictOf(evidence: RunEvidence): RunVerdict {
  if (evidence.reading.kind !== 'ours') return notRunVerdict(evidence);
  const { read } = evidence.reading;
  return (
    catalogVerdict(evidence, read) ??
    completionVerdict(evidence, read) ??
    resourcesVerdict(evidence, read) ??
    versionVerdict(evidence) ?? { kind: 'converged' }
  );
}

function catalogVerdict(evidence: RunEvidence, { report }: ReadReport): RunVerdict | undefined {
  if (report.cachedCatalog !== 'not_used') {
    const how =
      report.cachedCatalog === 'on_failure' ? 'no new one could be had' : 'it was told to';
    return failed('cached-catalog', `Puppet applied the catalog of an earlier run: ${how}.`);
  }
  if (report.noop && !evidence.noop) {
    return failed(
      'noop',
      'Puppet ran in noop mode and changed nothing; look for noop in puppet.conf.',
    );
  }
  if (evidence.noop && !report.noop && report.completed) {
    return failed('noop', 'A noop run was asked for, and the report says that it was a real one.');
  }
  return undefined;
}

function completionVerdict(evidence: RunEvidence, { report }: ReadReport): RunVerdict | undefined {
  if (report.completed) return undefined;
  return stoppedVerdict(evidence) ?? noCatalogVerdict(evidence.log);
}

/** The run had begun, and was stopped before its end. */
function stoppedVerdict({ log, killed }: RunEvidence): RunVerdict | undefined {
  if (log.timedOut || killed) {
    return failed(
      'timed-out',
      'The run went over its time limit and was ended; the host may be half changed.',
    );
  }
  if (log.terminated) {
    return failed('interrupted', 'The run was ended by a signal; the host may be half changed.');
  }
  if (log.applying) {
    const why = log.lastError ?? 'the log does not say why';
    return failed(
      'interrupted',
      `The run stopped within its work: ${why}. The host may be half changed.`,
    );
  }
  return undefined;
}

/** There was nothing to apply. */
function noCatalogVerdict(log: LogEvidence): RunVerdict {
  if (log.certificate !== undefined) {
    return failed(
      'server-unreachable',
      `The Puppet server and this host do not accept each other: ${log.certificate}`,
    );
  }
  if (log.serverUnreachable !== undefined)
    return failed('server-unreachable', log.serverUnreachable);
  return failed(
    'catalog-failed',
    log.catalogFailed ?? log.lastError ?? 'There was no catalog, and the log does not say why.',
  );
}

function resourcesVerdict(evidence: RunEvidence, read: ReadReport): RunVerdict | undefined {
  const { report, skippedPackages } = read;
  const { counts } = report;
  if (report.status === 'failed' || counts.failed > 0 || counts.failedToRestart > 0) {
    const names = report.failures.map((f) => `${f.resource}: ${f.message}`).join('; ');
    const head = `${counts.failed} failed, ${counts.failedToRestart} did not restart, ${counts.skipped} skipped`;
    return failed('resources-failed', names === '' ? `${head}.` : `${head}. ${names}`);
  }
  const skipped = evidence.wanted.find((wanted) => skippedPackages.includes(wanted.name));
  if (skipped !== undefined) {
    return failed(
      'resources-failed',
      `Package[${skipped.name}] was skipped: a tag, a schedule or a failed dependency.`,
    );
  }
  if (counts.total > 0 && counts.skipped >= counts.total) {
    return failed('resources-failed', 'Every resource was skipped; look for tags in puppet.conf.');
  }
  return undefined;
}

function versionVerdict(evidence: RunEvidence): RunVerdict | undefined {
  if (evidence.noop) return undefined;
  for (const wanted of evidence.wanted) {
    const found = evidence.after.find((installed) => installed.name === wanted.name)?.evr ?? null;
    if (found !== wanted.evr) return wrongVersion(wanted, found, evidence.catalog);
  }
  return undefined;
}

/** Old data on the Puppet server and drift on the host look alike to the RPM database; the run's catalog tells them apart. */
function wrongVersion(
  wanted: WantedPackage,
  found: string | null,
  catalog: CatalogVersions,
): RunVerdict {
  const is = found === null ? 'is not installed' : `is ${found}`;
  const head = `${wanted.name} ${is}, wanted is ${wanted.evr}`;
  if (catalog === undefined) {
    return failed(
      'wrong-version',
      `${head}; the catalog of this run is not at hand, so why cannot be told.`,
    );
  }
  const asked = catalog.get(wanted.name);
  if (asked === wanted.evr) {
    return failed(
      'wrong-version',
      `${head}, although the catalog asked for it: something else changed it.`,
    );
  }
  const asks = asked === undefined ? 'does not manage it' : `asked for ${asked}`;
  return failed(
    'version-not-published',
    `${head}; the catalog ${asks}: the Puppet server does not have the wanted version, or the manifest does not look it up.`,
  );
}
