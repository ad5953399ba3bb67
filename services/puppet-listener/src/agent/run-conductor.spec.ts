import { describe, expect, it } from '@jest/globals';
import { contextOf, runData } from '../../test/runs.js';
import type { ProcessIdentity } from '../host/process-identity.js';
import type { Health, JournalEntry, Outcome, RunCommandData } from '../journal/journal-entry.js';
import { JournalUnwritableError } from '../journal/journal.js';
import { EMPTY_LEDGER, evolveLedger, type Ledger } from '../journal/ledger.js';
import type { PuppetHost, Readiness, NotReady } from './puppet-host.js';
import { RunConductor, type RunMemory } from './run-conductor.js';

const HEALTH: Health = {
  healthy: true,
  goodInRow: 3,
  attempts: 3,
  lastStatus: 200,
  lastBody: '',
  reason: 'good',
  finishedAt: '2026-03-01T12:00:00.000Z',
};
const CHECK = {
  url: 'http://127.0.0.1/',
  expectStatus: 200,
  intervalMs: 50,
  timeoutMs: 50,
  goodInRow: 3,
  deadlineMs: 1_000,
};
const outcome = (verdict: object): Outcome =>
  ({
    verdict,
    exitCode: 2,
    report: null,
    before: [],
    after: [],
    startedAt: null,
    finishedAt: HEALTH.finishedAt,
  }) as Outcome;

/** A process dying: nothing after it happens. */
class Crash extends Error {}

/** The journal of one host; `crashAfter` entries the listener dies, `full` means that no more can be written. */
class Memory implements RunMemory {
  entries: JournalEntry[] = [];
  crashAfter = Infinity;
  full = false;

  get ledger(): Ledger {
    return this.entries.reduce(evolveLedger, EMPTY_LEDGER);
  }

  append(entry: JournalEntry): void {
    if (this.full) throw new JournalUnwritableError('ENOSPC');
    if (this.entries.length >= this.crashAfter) throw new Crash();
    this.entries.push(entry);
  }

  note(entry: JournalEntry): void {
    this.append(entry);
  }
}

/** A host whose Puppet runs outlive the listener. */
class Host implements PuppetHost {
  readonly bootId = 'boot';
  starts: string[] = [];
  alive: ProcessIdentity | undefined;
  ready: Readiness | NotReady = { before: [], holder: undefined };
  verdict: object = { kind: 'converged' };
  crashAtStart: 'before' | 'after' | undefined;

  prepare(): Promise<Readiness | NotReady> {
    return Promise.resolve(this.ready);
  }

  start(command: RunCommandData) {
    if (this.crashAtStart === 'before') throw new Crash();
    this.starts.push(command.cmdId);
    this.alive = { pid: 42, startTicks: '1', bootId: 'boot' };
    if (this.crashAtStart === 'after') throw new Crash();
    return Promise.resolve({ process: this.alive, ended: this.end() });
  }

  find() {
    return this.alive;
  }

  adopt(_command: RunCommandData, process: ProcessIdentity) {
    return { process, ended: this.end() };
  }

  judge(): Promise<Outcome> {
    return Promise.resolve(outcome(this.verdict));
  }

  facts(): never {
    throw new Error('not asked here');
  }

  private end() {
    return Promise.resolve().then(() => {
      this.alive = undefined;
      return { exitCode: 2, killed: false };
    });
  }
}

class Bench {
  readonly memory = new Memory();
  readonly host = new Host();
  sent: string[] = [];
  verdicts: string[] = [];
  outcomes: object[] = [];
  dead = false;

  conductor(): RunConductor {
    return new RunConductor({
      memory: this.memory,
      puppet: this.host,
      probe: () => Promise.resolve(HEALTH),
      send: ({ definition, data, confirmed }) => {
        this.sent.push(definition.type);
        const { verdict } = data as { verdict?: { kind: string; why?: string } };
        if (verdict) {
          this.verdicts.push([verdict.kind, verdict.why].filter(Boolean).join(' '));
          this.outcomes.push(data);
        }
        confirmed?.();
      },
      now: () => new Date('2026-03-01T12:00:00.000Z'),
    });
  }

  accept(cmdId = 'c-1', more: object = {}): void {
    this.memory.entries.push({
      kind: 'accepted',
      context: contextOf(cmdId),
      command: runData(cmdId, this.memory.entries.length + 1, more),
    });
  }

  async run(cmdId = 'c-1'): Promise<void> {
    const conductor = this.conductor();
    conductor.enqueue(cmdId);
    await conductor.idle();
  }
}

describe('a run', () => {
  it('is told step by step, and its health at the end', async () => {
    const bench = new Bench();
    bench.accept('c-1', { health: CHECK });
    await bench.run();
    expect(bench.sent).toEqual(['host.run.started', 'host.run.finished', 'host.health.observed']);
    expect(bench.memory.ledger.runs.get('c-1')).toMatchObject({
      status: 'verified',
      confirmed: ['started', 'finished', 'health'],
    });
  });

  it.each([
    ['failed', { kind: 'failed', why: 'resources-failed', detail: '' }, {}],
    ['a noop run', { kind: 'converged' }, { noop: true }],
  ])('is not asked for its health when it was %s', async (_what, verdict, more) => {
    const bench = new Bench();
    bench.host.verdict = verdict;
    bench.accept('c-1', { health: CHECK, ...more });
    await bench.run();
    expect(bench.sent).toEqual(['host.run.started', 'host.run.finished']);
  });

  it('F-062 does not start when Puppet is disabled', async () => {
    const bench = new Bench();
    const installed = [{ name: 'shop', evr: '1.0.0-1', nevra: 'shop-1.0.0-1.noarch' }] as never;
    bench.host.ready = { why: 'disabled', detail: 'disk swap', installed };
    bench.accept();
    await bench.run();
    expect([bench.verdicts, bench.host.starts]).toEqual([['not-run disabled'], []]);
    expect(bench.outcomes).toMatchObject([{ before: installed, after: installed }]);
  });

  it('F-061 says who holds the lock, and starts all the same: Puppet waits for it', async () => {
    const bench = new Bench();
    bench.host.ready = { before: [], holder: 'pid 7 since noon' };
    bench.accept();
    await bench.run();
    expect(bench.sent).toEqual(['host.run.waiting', 'host.run.started', 'host.run.finished']);
  });

  it('F-066 does not start when the journal cannot be written', async () => {
    const bench = new Bench();
    bench.accept();
    bench.memory.note = (entry) => bench.memory.entries.push(entry);
    bench.memory.full = true;
    await bench.run();
    expect([bench.verdicts, bench.host.starts]).toEqual([['not-run journal-unwritable'], []]);
  });

  it('is not left without an outcome when it cannot be judged', async () => {
    const bench = new Bench();
    bench.host.judge = () => Promise.reject(new Error('EMFILE'));
    bench.accept();
    await bench.run();
    expect(bench.verdicts).toEqual(['failed interrupted']);
  });

  it('waits for the run before it and says so', async () => {
    const bench = new Bench();
    bench.accept('c-1');
    bench.accept('c-2');
    const conductor = bench.conductor();
    conductor.enqueue('c-1');
    await Promise.resolve();
    conductor.enqueue('c-2');
    await conductor.idle();
    expect(bench.host.starts).toEqual(['c-1', 'c-2']);
    expect(bench.sent[0]).toBe('host.run.waiting');
  });

  it('is told again without being done again', async () => {
    const bench = new Bench();
    bench.accept('c-1', { health: CHECK });
    await bench.run();
    bench.sent = [];
    bench.conductor().repeat('c-1');
    expect(bench.sent).toEqual(['host.run.started', 'host.run.finished', 'host.health.observed']);
    expect(bench.host.starts).toHaveLength(1);
  });
});

describe('a listener that dies at any point and starts again', () => {
  async function dieAndResume(prepare: (bench: Bench) => void): Promise<Bench> {
    const bench = new Bench();
    bench.accept('c-1', { health: CHECK });
    prepare(bench);
    await bench.run().catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
    bench.memory.crashAfter = Infinity;
    bench.host.crashAtStart = undefined;
    bench.sent = [];
    bench.verdicts = [];
    await bench.conductor().resume();
    return bench;
  }

  it.each([1, 2, 3, 4, 5, 6, 7])(
    'with %i entries in the journal: Puppet was started once at most, and there is an outcome',
    async (entries) => {
      const bench = await dieAndResume(({ memory }) => (memory.crashAfter = entries));
      expect(bench.host.starts.length).toBeLessThanOrEqual(1);
      const state = bench.memory.ledger.runs.get('c-1');
      expect(state?.status === 'verified' || bench.verdicts.includes('not-run interrupted')).toBe(
        true,
      );
    },
  );

  it('F-008 never starts Puppet for a command that was only accepted', async () => {
    const bench = await dieAndResume(({ memory }) => (memory.crashAfter = 1));
    expect([bench.host.starts, bench.verdicts]).toEqual([[], ['not-run interrupted']]);
  });

  it('F-008 adopts a run whose start it did not get to write down', async () => {
    const bench = await dieAndResume(({ memory }) => (memory.crashAfter = 2));
    expect(bench.host.starts).toEqual(['c-1']);
    expect(bench.memory.ledger.runs.get('c-1')?.status).toBe('verified');
  });

  it('sends only what was never confirmed', async () => {
    const bench = new Bench();
    bench.accept();
    await bench.run();
    bench.memory.entries = bench.memory.entries.filter(
      (e) => !(e.kind === 'confirmed' && e.reply === 'finished'),
    );
    bench.sent = [];
    await bench.conductor().resume();
    expect(bench.sent).toEqual(['host.run.finished']);
  });
});
