import { describe, expect, it } from '@jest/globals';
import { definitionOf, RefreshId, RequestRefresh } from '@gantry/contracts';
import { runFinished } from '../../test/answers.js';
import { sha256 } from '../../test/world.js';
import {
  claimsOfRefresh,
  decideRefresh,
  evolveRefresh,
  initialRefresh,
  noAdmission,
  refreshWakeUpAt,
  type Admission,
  type Decision,
  type RefreshFact,
  type RefreshInput,
  type RefreshState,
} from '../index.js';

const ID = RefreshId.parse('0192f5a0-0000-7000-8000-00000000000f');
type Run = Extract<RefreshFact, { type: 'puppet.run.requested' }>['data'];

/** One refresh: gives inputs to the decider and keeps its facts. */
class Refresh {
  state: RefreshState = initialRefresh;
  readonly facts: RefreshFact[] = [];
  nowMs = Date.parse('2026-01-01T00:00:00.000Z');
  admission: Admission = noAdmission;
  heardSince: string | undefined;
  private fence = 10_000;

  give(input: RefreshInput): Decision<RefreshFact> {
    this.fence += 10_000;
    const { heardSince } = this;
    const meta = {
      now: this.now,
      fence: this.fence,
      sha256,
      ...(heardSince !== undefined && { heardSince }),
    };
    const decision = decideRefresh(input, this.state, { id: ID, meta, admission: this.admission });
    if (decision.outcome === 'accepted') {
      for (const fact of decision.events) {
        expect(definitionOf(fact.type)?.strict.safeParse(fact.data).success).toBe(true);
        this.facts.push(fact);
        this.state = evolveRefresh(this.state, fact);
      }
    }
    return decision;
  }

  request(hosts: readonly string[], { concurrency = 2, noop = false } = {}): Decision<RefreshFact> {
    const data = RequestRefresh.schema.parse({
      refreshId: ID,
      hosts,
      noop,
      reason: 'test',
      concurrency,
    });
    const knownHosts = new Set(['web1.lab', 'web2.lab', 'web3.lab']);
    return this.give({ type: 'refresh.request', data, knownHosts });
  }

  get now(): string {
    return new Date(this.nowMs).toISOString();
  }

  get runs(): Run[] {
    return this.facts.flatMap((f) => (f.type === 'puppet.run.requested' ? [f.data] : []));
  }

  get status(): string {
    return this.state.status === 'running'
      ? this.state.hosts.map((h) => h.status).join(' ')
      : this.state.status;
  }

  started({ requestId, host }: Run): Decision<RefreshFact> {
    const data = { requestId, host, startedAt: this.now };
    return this.give({ type: 'puppet.run.started', data });
  }

  finished(run: Run, kind: 'converged' | 'not-run' = 'converged'): Decision<RefreshFact> {
    const verdict =
      kind === 'converged' ? ({ kind } as const) : ({ kind, why: 'busy', detail: '' } as const);
    const input = runFinished(run, this.now, { verdict, before: [], after: [] });
    return this.give(input as RefreshInput);
  }

  journal({ requestId, host }: Run, state: 'running' | 'never-seen'): Decision<RefreshFact> {
    const data = { requestId, commandId: requestId, host, state };
    return this.give({ type: 'puppet.run.status', data });
  }

  passTime(): boolean {
    const due = refreshWakeUpAt(this.state, this.now);
    if (due === undefined) return false;
    this.nowMs = Math.max(this.nowMs + 1, Date.parse(due));
    this.give({ type: 'tick' });
    return true;
  }
}

const all = ['web1.lab', 'web2.lab', 'web3.lab'];

describe('a refresh', () => {
  it('runs so many hosts at once, the next as soon as one has ended, and tells which failed', () => {
    const refresh = new Refresh();
    refresh.request(all, { noop: true });
    expect(refresh.status).toBe('running running queued');
    expect(refresh.runs[0]).toMatchObject({ noop: true, wanted: [], health: null });
    refresh.finished(refresh.runs[0]!);
    expect(refresh.status).toBe('converged running running');
    refresh.finished(refresh.runs[1]!, 'not-run');
    refresh.finished(refresh.runs[2]!);
    expect(refresh.facts.at(-1)).toMatchObject({
      type: 'refresh.completed',
      data: { failed: ['web2.lab'] },
    });
    expect(refreshWakeUpAt(refresh.state, refresh.now)).toBeUndefined();
  });

  it('runs a host once that is named twice', () => {
    const refresh = new Refresh();
    refresh.request(['web1.lab', 'web1.lab']);
    expect(refresh.runs).toHaveLength(1);
  });

  it('owns a host while its run goes on, under an epoch of its own', () => {
    const refresh = new Refresh();
    refresh.request(all, { concurrency: 1 });
    expect(claimsOfRefresh(refresh.state).map((c) => c.host)).toEqual(['web1.lab']);
    refresh.finished(refresh.runs[0]!);
    expect(claimsOfRefresh(refresh.state).map((c) => c.host)).toEqual(['web2.lab']);
    expect(refresh.runs[1]!.epoch).toBeGreaterThan(refresh.runs[0]!.epoch);
    expect(refresh.runs[1]!.seq).toBeGreaterThan(refresh.runs[0]!.seq);
  });

  it('waits for a host that somebody else owns, and goes on with the others', () => {
    const refresh = new Refresh();
    refresh.admission = { ...noAdmission, claimed: new Set(['web1.lab']) };
    refresh.request(['web1.lab', 'web2.lab']);
    expect(refresh.status).toBe('queued running');
    refresh.finished(refresh.runs[0]!);
    refresh.admission = noAdmission;
    expect(refresh.passTime()).toBe(true);
    expect(refresh.status).toBe('running converged');
  });

  it.each([
    ['of an unknown host', 'unknown-host', ['web1.lab', 'db1.lab']],
    ['that exists', 'refresh-exists', ['web1.lab']],
  ])('%s is refused', (_what, code, hosts) => {
    const refresh = new Refresh();
    if (code === 'refresh-exists') refresh.request(['web1.lab']);
    const known = refresh.facts.length;
    expect(refresh.request(hosts)).toMatchObject({ outcome: 'refused', refusal: { code } });
    expect(refresh.facts).toHaveLength(known);
  });
});

describe('a host of a refresh that does not answer', () => {
  it('is asked for its journal again and again, and is unreachable in the end', () => {
    const refresh = new Refresh();
    refresh.request(['web1.lab']);
    while (refresh.passTime());
    const queries = refresh.facts.flatMap((f) =>
      f.type === 'puppet.query.requested' ? [f.data.requestId] : [],
    );
    expect(queries).toHaveLength(8);
    expect(new Set(queries).size).toBe(8);
    expect(refresh.facts.at(-1)).toMatchObject({ data: { failed: ['web1.lab'] } });
  });

  it('F-017 is not called unreachable for what it was asked while no message travelled', () => {
    const refresh = new Refresh();
    refresh.request(['web1.lab']);
    const queries = () => refresh.facts.filter((f) => f.type === 'puppet.query.requested').length;
    while (queries() < 8) refresh.passTime();
    refresh.nowMs += 1_800_000;
    refresh.heardSince = refresh.now;
    refresh.passTime();
    expect([refresh.status, queries()]).toEqual(['running', 9]);
    refresh.passTime();
    expect(refresh.status).toBe('completed');
  });

  it('is given the time of a whole run when its journal says that it runs', () => {
    const refresh = new Refresh();
    refresh.request(['web1.lab']);
    refresh.passTime();
    refresh.journal(refresh.runs[0]!, 'running');
    const due = Date.parse(refreshWakeUpAt(refresh.state, refresh.now)!);
    expect(due - refresh.nowMs).toBeGreaterThan(1_800_000);
    refresh.nowMs += 1_700_000;
    expect(refresh.finished(refresh.runs[0]!).outcome).toBe('accepted');
    expect(refresh.status).toBe('completed');
  });

  it('has failed when its host never saw the command: it refuses it from then on', () => {
    const refresh = new Refresh();
    refresh.request(['web1.lab']);
    refresh.passTime();
    refresh.journal(refresh.runs[0]!, 'never-seen');
    expect(refresh.status).toBe('completed');
  });
});

describe('an answer to a refresh', () => {
  it('that is late, repeated or not its own is ignored', () => {
    const refresh = new Refresh();
    refresh.request(all, { concurrency: 3 });
    const [run, other] = refresh.runs;
    refresh.started(run!);
    expect(refresh.started(run!).outcome).toBe('ignored');
    refresh.finished(run!);
    expect(refresh.finished(run!).outcome).toBe('ignored');
    expect(refresh.started(run!).outcome).toBe('ignored');
    expect(refresh.finished({ ...other!, host: all[2]! as Run['host'] }).outcome).toBe('ignored');
    const data = { requestId: other!.requestId, host: other!.host, holder: 'cron' };
    expect(refresh.give({ type: 'puppet.run.waiting', data }).outcome).toBe('ignored');
    expect(refresh.status).toBe('converged running running');
  });
});
