import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readReport, type ReportReading } from './report.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(60_000);

const file = (name: string): string =>
  readFileSync(new URL(`../../test/reports/${name}.report`, import.meta.url), 'utf8');
const REPORTS = ['failed', 'noop', 'norestart'] as const;

function ours(reading: ReportReading) {
  if (reading.kind !== 'ours') throw new Error(JSON.stringify(reading));
  return reading.read;
}

describe('reading a report that Puppet wrote', () => {
  it('finds the failed resource and its folded message', () => {
    const { report, skippedPackages } = ours(readReport(file('failed'), 'run-1'));
    expect(report).toMatchObject({
      jobId: 'run-1',
      status: 'failed',
      completed: true,
      noop: false,
      cachedCatalog: 'not_used',
      configurationVersion: '1795468608',
      catalogUuid: '6a2ddfac-440d-43fe-918b-f3979301e568',
      startedAt: '2026-11-23T21:16:48.302Z',
      counts: {
        total: 11,
        changed: 1,
        failed: 1,
        failedToRestart: 0,
        skipped: 1,
        outOfSync: 2,
        corrective: 0,
      },
    });
    expect(report.failures).toEqual([
      {
        resource: 'Exec[bad]',
        message:
          "change from 'notrun' to ['0'] failed: '/bin/false' returned 1 instead of one of [0]",
      },
    ]);
    expect(skippedPackages).toEqual([]);
  });

  it('finds a service that did not restart', () => {
    const { report } = ours(readReport(file('norestart'), 'run-1'));
    expect(report.counts.failedToRestart).toBe(1);
    expect(report.failures[0]?.resource).toBe('Service[x]');
    expect(report.failures[0]?.message).toContain('Could not restart Service[x]');
  });

  it('sees that it was a noop run', () => {
    expect(ours(readReport(file('noop'), 'run-1')).report).toMatchObject({
      status: 'unchanged',
      noop: true,
    });
  });

  it('names skipped packages', () => {
    const skipped = file('failed')
      .replace('  Exec[bad]:', '  Package[shopweb]:')
      .replace(
        '    skipped: false\n    change_count: 0\n    out_of_sync_count: 1',
        '    skipped: true\n    change_count: 0\n    out_of_sync_count: 1',
      );
    expect(ours(readReport(skipped, 'run-1')).skippedPackages).toEqual(['shopweb']);
  });

  it.each(REPORTS)('agrees with a whole YAML reader about %s', (name) => {
    const whole = parse(file(name), { logLevel: 'silent' }) as Record<string, unknown>;
    const { report } = ours(readReport(file(name), 'run-1'));
    const statuses = Object.entries(
      whole['resource_statuses'] as Record<string, Record<string, unknown>>,
    );
    const failed = statuses.filter(([, status]) => status['failed'] === true).map(([key]) => key);
    expect(report.failures.map((failure) => failure.resource)).toEqual(failed);
    expect(report.status).toBe(whole['status']);
    expect(report.catalogUuid).toBe(whole['catalog_uuid']);
    const metrics = whole['metrics'] as { resources: { values: [string, string, number][] } };
    const counts = new Map(metrics.resources.values.map(([key, , count]) => [key, count]));
    expect(report.counts.total).toBe(counts.get('total'));
    expect(report.counts.outOfSync).toBe(counts.get('out_of_sync'));
  });
});

describe('reading what is no report of this run', () => {
  it('calls the report of another run foreign, and one without an id too', () => {
    expect(readReport(file('failed'), 'run-2')).toEqual({ kind: 'foreign', jobId: 'run-1' });
    expect(readReport(file('failed').replace('job_id: run-1\n', ''), 'run-1')).toEqual({
      kind: 'foreign',
      jobId: undefined,
    });
  });

  it('calls a report without catalog counts empty, not broken', () => {
    const text = [
      '--- !ruby/object:Puppet::Transaction::Report',
      "time: '2026-01-02T03:04:05.1+00:00'",
      'status: failed',
      'transaction_completed: false',
      'noop: false',
      'metrics: {}',
      'resource_statuses: {}',
      'job_id: run-1',
      'cached_catalog_status: not_used',
    ].join('\n');
    const { report } = ours(readReport(text, 'run-1'));
    expect(report).toMatchObject({
      completed: false,
      configurationVersion: null,
      counts: { total: 0, failed: 0 },
    });
  });

  it.each(['', 'nonsense', '---\nstatus: changed', '{"status":"changed"}'])(
    'calls %j unreadable',
    (text) => {
      expect(readReport(text, 'run-1').kind).toBe('unreadable');
    },
  );

  it('reads no report over its size limit', () => {
    expect(
      readReport(`--- !ruby/object:Puppet::Transaction::Report\n${' '.repeat(17_000_000)}`, 'run-1')
        .kind,
    ).toBe('unreadable');
  });
});

describe('reading anything at all', () => {
  const text = file('failed');

  it('never throws for a report cut anywhere', () => {
    for (let at = 0; at <= text.length; at += 31)
      expect(() => readReport(text.slice(0, at), 'run-1')).not.toThrow();
  });

  it('never throws and never makes a failed report a good one, whatever is put into it', () => {
    const junk = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\n  ? [',
        '&a [*a, *a]',
        '\n!!js/function x',
        '\n- - -',
        ': : :',
        '"',
        "'",
        '\n    failed: true\n',
      ),
    );
    fc.assert(
      fc.property(fc.nat(text.length), junk, (at, insert) => {
        const reading = readReport(text.slice(0, at) + insert + text.slice(at), 'run-1');
        if (reading.kind === 'ours' && !insert.includes('\n') && !insert.includes('status')) {
          expect(
            reading.read.report.failures.length > 0 || reading.read.report.status === 'failed',
          ).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
