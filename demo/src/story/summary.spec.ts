import { describe, expect, it } from '@jest/globals';
import { DeploymentView } from '@gantry/contracts';
import { inWords, summaryOf } from './summary.js';

const AT = '2026-01-02T03:04:05.000Z';
const JOB = '01900000-0000-7000-8000-000000000001-1';

const report = {
  ...{ jobId: JOB, status: 'changed', completed: true, noop: false, cachedCatalog: 'not_used' },
  ...{ configurationVersion: null, catalogUuid: null, startedAt: AT, failures: [] },
  counts: {
    ...{ total: 10, changed: 3, failed: 0, failedToRestart: 0, skipped: 0 },
    ...{ outOfSync: 3, corrective: 0 },
  },
};
const proof = {
  drained: { end: 'idle', connectionsAtEnd: 0, reads: 2, waitedMs: 120, drainedAt: AT },
  puppetReport: report,
  installed: [{ name: 'shop', evr: '1.1.0-1', nevra: 'shop-1.1.0-1.noarch' }],
  healthy: { goodInRow: 3, attempts: 4, lastBody: 'ok 1.1.0-1', finishedAt: AT },
  inService: { checks: 'UP', reads: 3, waitedMs: 900, inServiceAt: AT },
};
const timings = (machineMs: number) => ({
  ...{ totalMs: 9_000, drainMs: 100, puppetMs: 7_000, healthMs: 300, enableMs: 900, machineMs },
});

function host(name: string, own: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...{ host: name, status: 'done', direction: 'forward', canary: false, attempt: 1 },
    from: [{ name: 'shop', evr: '1.0.0-1' }],
    ...{
      to: '1.1.0-1',
      since: AT,
      note: '',
      failure: null,
      proof,
      timings: timings(500),
      allowedActions: [],
    },
    ...own,
  };
}

function view(progress: readonly Record<string, unknown>[]): DeploymentView {
  return DeploymentView.parse({
    ...{ id: '01900000-0000-7000-8000-000000000001', application: 'shop' },
    ...{ environment: 'production', evr: '1.1.0-1', status: 'succeeded', reason: 'a test' },
    ...{ requestedBy: 'somebody', requestedAt: AT, startedAt: AT },
    endedAt: '2026-01-02T03:04:35.250Z',
    hosts: { total: progress.length, done: progress.length, failed: 0, inFlight: 0 },
    ...{ planHash: null, findings: [], pools: [], pausedBecause: null, allowedActions: [] },
    limits: { maxOutOfService: 1, failureBudget: 0 },
    ...{ progress, version: 40, position: '1-40' },
  });
}

describe('summaryOf', () => {
  it('tells of a host what it had, what it has, and every link of its chain of proof', () => {
    expect(summaryOf(view([host('web1.lab')])).hosts).toEqual([
      {
        ...{ host: 'web1.lab', status: 'done', from: '1.0.0-1', to: '1.1.0-1' },
        proof: {
          drained: proof.drained,
          puppetReport: { jobId: JOB, status: 'changed' },
          installedNevra: 'shop-1.1.0-1.noarch',
          healthy: true,
          inService: true,
        },
      },
    ]);
  });

  it('claims no link that is missing', () => {
    const weak = { ...proof, drained: null, inService: null, installed: [] };
    const healthy = { ...proof.healthy, goodInRow: 0 };
    const [first] = summaryOf(view([host('web1.lab', { proof: { ...weak, healthy } })])).hosts;
    expect(first?.proof).toMatchObject({
      ...{ drained: null, installedNevra: null, healthy: false, inService: false },
    });
  });

  it('has no proof for a host that was not turned', () => {
    const skipped = host('web1.lab', { status: 'skipped', proof: null, timings: null });
    expect(summaryOf(view([skipped])).hosts[0]).toMatchObject({ status: 'skipped', proof: null });
  });

  it('says "none" of a host that had nothing', () => {
    const fresh = host('web1.lab', { from: [{ name: 'shop', evr: null }] });
    expect(summaryOf(view([fresh])).hosts[0]?.from).toBe('none');
  });

  it('measures from the request to the end', () => {
    expect(summaryOf(view([host('web1.lab')])).durationMs).toBe(30_250);
  });

  it('takes percentiles of the machine share by nearest rank, over hosts that have one', () => {
    const shares = [400, 100, 300, 200].map((ms, i) =>
      host(`web${i + 1}.lab`, { timings: timings(ms) }),
    );
    const idle = host('web5.lab', { timings: null });
    expect(summaryOf(view([...shares, idle])).machineShareMsPerHost).toEqual({
      p50: 200,
      p95: 400,
    });
    expect(summaryOf(view([idle])).machineShareMsPerHost).toEqual({ p50: 0, p95: 0 });
  });
});

describe('inWords', () => {
  it('says what customers saw, how many hosts served, and what each deployment came to', () => {
    const words = inWords({
      ...{ ok: true, setupMs: 0, minInServiceSeen: 1 },
      deployments: [summaryOf(view([host('web1.lab')]))],
      releases: [],
      traffic: { requests: 1_234, failed: 0, wrong: 2 },
      installed: { 'web1.lab': '1.1.0-1', 'web2.lab': null },
    });
    expect(words).toEqual([
      'customers  1234 answers, 0 failed, 2 wrong',
      'pool       never fewer than 1 of 1 hosts in service',
      'shop-1.1.0-1  succeeded after 30.3 s, of which Gantry itself 0.5 s per host',
    ]);
  });
});
