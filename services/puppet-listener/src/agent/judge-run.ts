import type { InstalledPackage, PuppetReport } from '@gantry/contracts';
import { join } from 'node:path';
import { readEnds, readWhole } from '../host/bounded-file.js';
import type { Outcome, RunCommandData } from '../journal/journal-entry.js';
import { catalogVersions } from '../puppet/catalog-versions.js';
import { evidenceOf } from '../puppet/log-evidence.js';
import { readLogLines } from '../puppet/log-lines.js';
import { MAX_REPORT_BYTES, readReport, type ReportReading } from '../puppet/report.js';
import type { RunFiles } from '../puppet/run-files.js';
import type { PuppetSettings } from '../puppet/settings.js';
import type { CatalogVersions } from '../puppet/run-evidence.js';
import { verdictOf } from '../puppet/verdict.js';
import type { Begun } from '../run-state.js';
import { cleanText } from '../story/clean-text.js';
import type { Ended } from './puppet-host.js';

/** What is read to judge a run. */
export interface Traces {
  readonly command: RunCommandData;
  readonly begun: Begun & { readonly startedAt: string };
  readonly ended: Ended;
  readonly files: RunFiles;
  readonly settings: PuppetSettings;
  readonly after: readonly InstalledPackage[];
  readonly bootId: string;
  readonly now: Date;
}

const LOG_END_BYTES = 262_144;
const OUTPUT_END_BYTES = 16_384;
const MAX_CATALOG_BYTES = 8_388_608;

/** Reads what a run left behind and judges it. */
export function judgeRun(traces: Traces): Outcome {
  const { command, begun, ended, files, settings, after } = traces;
  const reading = reportOf(settings, command.cmdId);
  const report = reading.kind === 'ours' ? reading.read.report : null;
  const verdict = verdictOf({
    noop: command.noop,
    wanted: command.wanted,
    reading,
    log: evidenceOf(
      readLogLines(readEnds(files.log, LOG_END_BYTES)),
      readEnds(files.output, OUTPUT_END_BYTES),
    ),
    exitCode: ended.exitCode,
    killed: ended.killed,
    rebooted: begun.bootId !== traces.bootId,
    before: begun.before,
    after,
    catalog: catalogOf(settings, report?.catalogUuid ?? null),
  });
  return {
    verdict:
      verdict.kind === 'converged'
        ? verdict
        : { ...verdict, detail: cleanText(verdict.detail, 2_000) },
    exitCode: ended.exitCode,
    report: report && cleanReport(report),
    before: [...begun.before],
    after: [...after],
    startedAt: begun.startedAt,
    finishedAt: traces.now.toISOString(),
  };
}

function reportOf(settings: PuppetSettings, runId: string): ReportReading {
  const text = readWhole(settings.report, MAX_REPORT_BYTES);
  if (text === undefined) return { kind: 'unreadable', why: 'there is none, or it is too large' };
  return readReport(text, runId);
}

function catalogOf(settings: PuppetSettings, uuid: string | null): CatalogVersions {
  const path = join(settings.clientData, 'catalog', `${settings.certname}.json`);
  const text = readWhole(path, MAX_CATALOG_BYTES);
  return text === undefined ? undefined : catalogVersions(text, uuid);
}

function cleanReport(report: PuppetReport): PuppetReport {
  const failures = report.failures.map(({ resource, message }) => ({
    resource: cleanText(resource, 300),
    message: cleanText(message, 1_000),
  }));
  return { ...report, failures };
}
