import type { PuppetReport, RunVerdict } from '@gantry/contracts';
import { describe, expect, it } from '@jest/globals';
import { evidenceOf, type LogLine } from './log-evidence.js';
import type { ReadReport, ReportReading } from './report.js';
import type { RunEvidence } from './run-evidence.js';
import { verdictOf } from './verdict.js';

type Why = Exclude<RunVerdict, { kind: 'converged' }>['why'];
const NO_COUNTS = {
  total: 0,
  changed: 0,
  failed: 0,
  failedToRestart: 0,
  skipped: 0,
  outOfSync: 0,
  corrective: 0,
};
const COUNTS = { ...NO_COUNTS, total: 10 };
const WANTED = [{ name: 'shopweb', evr: '1.2.0-1' }] as unknown as RunEvidence['wanted'];
const installed = (evr: string | null): RunEvidence['after'] =>
  [
    { name: 'shopweb', evr, nevra: evr && `shopweb-${evr}.noarch` },
  ] as unknown as RunEvidence['after'];

function report(more: Partial<PuppetReport> = {}, skippedPackages: string[] = []): ReportReading {
  const whole = {
    ...{
      jobId: 'run-1',
      status: 'changed',
      completed: true,
      noop: false,
      cachedCatalog: 'not_used',
    },
    ...{ configurationVersion: '1', catalogUuid: 'uuid', startedAt: '2026-01-02T03:04:05.000Z' },
    ...{ counts: COUNTS, failures: [] },
    ...more,
  } as unknown as ReadReport['report'];
  return { kind: 'ours', read: { report: whole, skippedPackages } };
}
const NONE: ReportReading = { kind: 'foreign', jobId: 'run-0' };
const NO_CATALOG = {
  status: 'failed',
  completed: false,
  configurationVersion: null,
  counts: NO_COUNTS,
} as const;

const line = (level: string, message: string, source = 'Puppet'): LogLine => ({
  at: '2026-01-02T03:04:05.000Z',
  level,
  source,
  message,
});
const notice = (message: string): LogLine[] => [line('notice', message)];
const err = (message: string): LogLine[] => [line('err', message)];
const APPLYING = line('info', "Applying configuration version '1'");

interface Row extends Partial<Omit<RunEvidence, 'log'>> {
  readonly lines?: readonly LogLine[];
  readonly printed?: string;
}

function judge({ lines = [], printed = '', ...row }: Row): RunVerdict {
  return verdictOf({
    ...{ noop: false, wanted: [], reading: report(), exitCode: 0, killed: false, rebooted: false },
    ...{ before: [], after: [], catalog: undefined },
    log: evidenceOf(lines, printed),
    ...row,
  });
}

const CASES: readonly (readonly [
  what: string,
  row: Row,
  verdict: 'converged' | readonly ['not-run' | 'failed', Why],
])[] = [
  ['nothing to do', { reading: report({ status: 'unchanged' }) }, 'converged'],
  ['changes applied', { exitCode: 2 }, 'converged'],
  ['exit code 1 although everything is good', { exitCode: 1 }, 'converged'],
  [
    'F-055 some failed, nothing changed, detailed exit code',
    { exitCode: 4, reading: report({ status: 'failed', counts: { ...COUNTS, failed: 1 } }) },
    ['failed', 'resources-failed'],
  ],
  [
    'F-055 some failed, some changed',
    {
      exitCode: 6,
      reading: report({ status: 'failed', counts: { ...COUNTS, failed: 1, changed: 1 } }),
    },
    ['failed', 'resources-failed'],
  ],
  [
    'F-055 failed resources and exit code 0',
    { exitCode: 0, reading: report({ status: 'failed', counts: { ...COUNTS, failed: 1 } }) },
    ['failed', 'resources-failed'],
  ],
  [
    'version not in the repository',
    {
      exitCode: 6,
      wanted: WANTED,
      after: installed('1.1.0-1'),
      reading: report({ status: 'failed', counts: { ...COUNTS, failed: 1, skipped: 1 } }),
    },
    ['failed', 'resources-failed'],
  ],
  [
    'package good, service did not restart',
    {
      wanted: WANTED,
      after: installed('1.2.0-1'),
      reading: report({ status: 'failed', counts: { ...COUNTS, failedToRestart: 1 } }),
    },
    ['failed', 'resources-failed'],
  ],
  [
    'a status that is not failed, a count that is',
    { reading: report({ counts: { ...COUNTS, failedToRestart: 1 } }) },
    ['failed', 'resources-failed'],
  ],
  [
    'busy',
    {
      exitCode: 1,
      reading: NONE,
      lines: notice(
        'Run of Puppet configuration client already in progress; skipping  (/var/cache/puppet/state/agent_catalog_run.lock exists)',
      ),
    },
    ['not-run', 'busy'],
  ],
  [
    'waited for the lock in vain',
    {
      exitCode: 1,
      reading: NONE,
      lines: notice('Exiting now because the maxwaitforlock timeout has been exceeded.'),
    },
    ['not-run', 'busy'],
  ],
  [
    'disabled',
    {
      exitCode: 1,
      reading: NONE,
      lines: notice(
        "Skipping run of Puppet configuration client; administratively disabled (Reason: 'hands off: disk swap');\nUse 'puppet agent --enable' to re-enable.",
      ),
    },
    ['not-run', 'disabled'],
  ],
  [
    'noop in puppet.conf',
    { reading: report({ status: 'unchanged', noop: true }) },
    ['failed', 'noop'],
  ],
  [
    'tags that match nothing',
    { reading: report({ status: 'unchanged', counts: { ...COUNTS, skipped: 10 } }) },
    ['failed', 'resources-failed'],
  ],
  [
    'the wanted package was skipped',
    { wanted: WANTED, after: installed('1.2.0-1'), reading: report({}, ['shopweb']) },
    ['failed', 'resources-failed'],
  ],
  [
    'server unreachable',
    {
      exitCode: 1,
      reading: report(NO_CATALOG),
      lines: err('Failed to open TCP connection to puppet:8140 (Connection refused - connect(2))'),
    },
    ['failed', 'server-unreachable'],
  ],
  [
    'server busy (503)',
    {
      exitCode: 1,
      reading: report(NO_CATALOG),
      lines: err(
        'Could not retrieve catalog from remote server: Error 503 on SERVER: The max pending requests limit was reached',
      ),
    },
    ['failed', 'server-unreachable'],
  ],
  [
    'server unreachable, cached catalog used, exit code 0',
    { reading: report({ status: 'unchanged', cachedCatalog: 'on_failure' }) },
    ['failed', 'cached-catalog'],
  ],
  [
    'cached catalog asked for',
    { reading: report({ cachedCatalog: 'explicitly_requested' }) },
    ['failed', 'cached-catalog'],
  ],
  [
    'catalog does not compile',
    {
      exitCode: 1,
      reading: report(NO_CATALOG),
      lines: err(
        'Could not retrieve catalog from remote server: Error 500 on SERVER: Server Error: Evaluation Error: Error while evaluating',
      ),
    },
    ['failed', 'catalog-failed'],
  ],
  [
    'environment that does not exist',
    {
      exitCode: 1,
      reading: report(NO_CATALOG),
      lines: err(
        "Not using catalog because its environment 'production' does not match agent specified environment",
      ),
    },
    ['failed', 'catalog-failed'],
  ],
  [
    'certificate revoked',
    {
      exitCode: 1,
      reading: report(NO_CATALOG),
      lines: err('Failed to open TCP connection: SSL_read: sslv3 alert certificate unknown'),
    },
    ['failed', 'server-unreachable'],
  ],
  [
    'certificate unsigned',
    {
      exitCode: 1,
      reading: NONE,
      printed:
        "Couldn't fetch certificate from CA server; you might still need to sign this agent's certificate (web1.lab).\nExiting now because the waitforcert setting is set to 0.",
    },
    ['not-run', 'certificate'],
  ],
  [
    're-made host with an old name',
    {
      exitCode: 1,
      reading: NONE,
      lines: err("The certificate for 'CN=web1.lab' does not match its private key"),
    },
    ['not-run', 'certificate'],
  ],
  [
    'SIGTERM within the run, exit code 0',
    {
      exitCode: 0,
      reading: report({ status: 'failed', completed: false }),
      lines: [APPLYING, ...notice('Caught TERM; exiting')],
    },
    ['failed', 'interrupted'],
  ],
  [
    'SIGTERM in the first second',
    { exitCode: 1, reading: NONE, lines: err('Could not autoload: SIGTERM') },
    ['not-run', 'interrupted'],
  ],
  ['SIGKILL before the catalog', { exitCode: null, reading: NONE }, ['not-run', 'interrupted']],
  [
    'SIGKILL within the catalog',
    { exitCode: 137, reading: NONE, lines: [APPLYING] },
    ['failed', 'interrupted'],
  ],
  [
    'SIGKILL, the package already new',
    {
      exitCode: null,
      reading: NONE,
      wanted: WANTED,
      before: installed('1.1.0-1'),
      after: installed('1.2.0-1'),
    },
    ['failed', 'interrupted'],
  ],
  [
    'the host died in the run',
    { exitCode: null, reading: NONE, rebooted: true },
    ['failed', 'interrupted'],
  ],
  [
    'over the run timeout',
    {
      exitCode: 1,
      reading: report({ status: 'failed', completed: false }),
      lines: [
        APPLYING,
        ...err(
          'Execution of Puppet configuration client did not complete within 4 seconds and was terminated.',
        ),
      ],
    },
    ['failed', 'timed-out'],
  ],
  [
    'killed by the listener after the limit',
    { exitCode: null, killed: true, reading: NONE, lines: [APPLYING] },
    ['failed', 'timed-out'],
  ],
  [
    'F-065 its output was cut off',
    {
      exitCode: 1,
      reading: report({ status: 'failed', completed: false }),
      lines: [APPLYING, ...err('Failed to apply catalog: Broken pipe @ io_writev - <STDOUT>')],
    },
    ['failed', 'interrupted'],
  ],
  [
    'a report nobody can read',
    { exitCode: 2, reading: { kind: 'unreadable', why: 'broken' } },
    ['not-run', 'unexplained'],
  ],
  [
    'the old version is installed and the catalog asked for it',
    { wanted: WANTED, after: installed('1.1.0-1'), catalog: new Map([['shopweb', '1.1.0-1']]) },
    ['failed', 'version-not-published'],
  ],
  [
    'the catalog does not manage the package',
    { wanted: WANTED, after: installed('1.1.0-1'), catalog: new Map() },
    ['failed', 'version-not-published'],
  ],
  [
    'another version although the catalog asked for the right one',
    { wanted: WANTED, after: installed('1.3.0-1'), catalog: new Map([['shopweb', '1.2.0-1']]) },
    ['failed', 'wrong-version'],
  ],
  [
    'not installed, and the catalog is not at hand',
    { wanted: WANTED, after: installed(null) },
    ['failed', 'wrong-version'],
  ],
  ['the wanted version is there', { wanted: WANTED, after: installed('1.2.0-1') }, 'converged'],
  [
    'noop asked for and done',
    {
      noop: true,
      reading: report({ status: 'unchanged', noop: true }),
      wanted: WANTED,
      after: installed('1.1.0-1'),
    },
    'converged',
  ],
  ['noop asked for, a real run reported', { noop: true, reading: report() }, ['failed', 'noop']],
  [
    'noop asked for, no catalog',
    {
      noop: true,
      reading: report({ ...NO_CATALOG, noop: true }),
      lines: err('Error 500 on SERVER: Evaluation Error'),
    },
    ['failed', 'catalog-failed'],
  ],
];

describe('the verdict on a run', () => {
  it.each(CASES)('%s', (_what, row, expected) => {
    const verdict = judge(row);
    if (expected === 'converged') expect(verdict).toEqual({ kind: 'converged' });
    else expect(verdict).toMatchObject({ kind: expected[0], why: expected[1] });
  });

  it('gives the reason of a disabled agent word for word', () => {
    const verdict = judge(CASES.find(([what]) => what === 'disabled')![1]);
    expect(verdict).toMatchObject({
      detail: 'Puppet is disabled on this host: hands off: disk swap',
    });
  });

  it('is not fooled by a resource whose message quotes Puppet', () => {
    const quoted = line(
      'notice',
      "administratively disabled (Reason: 'x');",
      '/Stage[main]/Main/Notify[x]/message',
    );
    expect(judge({ reading: NONE, exitCode: 1, lines: [quoted] })).toMatchObject({
      why: 'unexplained',
    });
  });

  it('never says more than a verdict may hold', () => {
    const failures = Array.from({ length: 20 }, (_, n) => ({
      resource: `Exec[${n}]`,
      message: 'x'.repeat(1_000),
    }));
    const verdict = judge({
      reading: report({ status: 'failed', counts: { ...COUNTS, failed: 20 }, failures }),
    });
    expect(verdict).toMatchObject({ why: 'resources-failed' });
    expect('detail' in verdict ? verdict.detail.length : 0).toBeLessThanOrEqual(2_000);
  });
});
