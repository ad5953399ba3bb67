import { PuppetReport } from '@gantry/contracts';
import { parse } from 'yaml';
import { failuresOf, skippedOf } from './report-failures.js';
import { byKey, scalarOf, sectionsAt, type Section } from './report-sections.js';

/** A report as far as a verdict needs it. */
export interface ReadReport {
  readonly report: PuppetReport;
  readonly skippedPackages: readonly string[];
}

/** What a report file turned out to be. A report of another run is no report: its job id is all that is said of it. */
export type ReportReading =
  | { readonly kind: 'ours'; readonly read: ReadReport }
  | { readonly kind: 'foreign'; readonly jobId: string | undefined }
  | { readonly kind: 'unreadable'; readonly why: string };

const FIRST_LINE = /^--- !ruby\/object:Puppet::Transaction::Report\s*$/;
/** A report of 10,000 resources has about 12 MB; more than this is not read on a host that has other work. */
export const MAX_REPORT_BYTES = 16_777_216;

/**
 * Reads `last_run_report.yaml` for the run with this id. The file is cut along its indentation and only small pieces of it
 * are read as YAML: reading the whole would take a hundred times its size in memory.
 */
export function readReport(text: string, runId: string): ReportReading {
  if (text.length > MAX_REPORT_BYTES)
    return { kind: 'unreadable', why: `it is larger than ${MAX_REPORT_BYTES} bytes` };
  const lines = text.split('\n');
  if (!FIRST_LINE.test(lines[0] ?? '')) return { kind: 'unreadable', why: 'no Puppet report' };
  const top = byKey(sectionsAt(lines.slice(1), 0));
  const jobId = scalarOf(top.get('job_id'));
  if (jobId !== runId) return { kind: 'foreign', jobId };
  const parsed = PuppetReport.safeParse(shapeOf(top));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { kind: 'unreadable', why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
  }
  const skippedPackages = skippedOf(top.get('resource_statuses'), 'Package');
  return { kind: 'ours', read: { report: parsed.data, skippedPackages } };
}

function shapeOf(top: ReadonlyMap<string, Section>): unknown {
  const text = (key: string): string | undefined => scalarOf(top.get(key));
  return {
    jobId: text('job_id'),
    status: text('status'),
    completed: text('transaction_completed') === 'true',
    noop: text('noop') === 'true',
    cachedCatalog: text('cached_catalog_status') ?? 'not_used',
    configurationVersion: text('configuration_version')?.slice(0, 200) ?? null,
    catalogUuid: text('catalog_uuid')?.slice(0, 64) ?? null,
    startedAt: instantOf(text('time')),
    counts: countsOf(top.get('metrics')),
    failures: failuresOf(top.get('resource_statuses')),
  };
}

/** Puppet writes nine decimals and an offset; the wire has ISO 8601 in UTC. */
function instantOf(text: string | undefined): string | undefined {
  const at = new Date(text ?? NaN);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

function countsOf(metrics: Section | undefined): Record<string, number> {
  const resources = metrics && byKey(sectionsAt(metrics.body, 2)).get('resources');
  const values = new Map<string, number>(pairsOf(resources));
  const count = (name: string): number => values.get(name) ?? 0;
  return {
    total: count('total'),
    changed: count('changed'),
    failed: count('failed'),
    failedToRestart: count('failed_to_restart'),
    skipped: count('skipped'),
    outOfSync: count('out_of_sync'),
    corrective: count('corrective_change'),
  };
}

/** `values` is a list of [name, label, number]; a run without a catalog has no such metric. */
function pairsOf(resources: Section | undefined): [string, number][] {
  if (resources === undefined) return [];
  try {
    const read: unknown = parse(['resources:', ...resources.body.slice(0, 200)].join('\n'), {
      logLevel: 'silent',
      maxAliasCount: 10,
    });
    const values = (read as { resources?: { values?: unknown } }).resources?.values;
    return Array.isArray(values) ? values.flatMap(pairOf) : [];
  } catch {
    return [];
  }
}

function pairOf(value: unknown): [string, number][] {
  if (!Array.isArray(value)) return [];
  const [name, , number] = value as readonly unknown[];
  return typeof name === 'string' && Number.isInteger(number) ? [[name, Number(number)]] : [];
}
