import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@gantry/contracts';
import { Registry } from 'prom-client';
import type { GateContext, GateDriver, Outcome } from '../ports/gate-driver.port.js';
import { VerifierMetrics } from '../verifier-metrics.js';
import type { RunTools } from './gate-run.js';
import { GateRuns } from './gate-runs.js';
import { RunLedger } from './run-ledger.js';

const PASS: Outcome = { verdict: 'pass', summary: 'fine', evidence: {} };

/** Runs until it is let go or ended. */
class HeldDriver implements GateDriver {
  readonly contexts: GateContext[] = [];
  private readonly held: ((outcome: Outcome | Error) => void)[] = [];
  constructor(readonly resumes: boolean) {}

  run(_spec: unknown, context: GateContext, signal: AbortSignal): Promise<Outcome> {
    this.contexts.push(context);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      this.held.push((end) => (end instanceof Error ? reject(end) : resolve(end)));
    });
  }

  async letGo(end: Outcome | Error = PASS): Promise<void> {
    await eventually(() => this.held.length > 0);
    this.held.shift()?.(end);
  }
}

async function eventually(condition: () => boolean): Promise<void> {
  for (let n = 0; n < 5_000 && !condition(); n++) await delay(1);
  expect(condition()).toBe(true);
}

describe('runs of gates', () => {
  let folder: string;
  let command: HeldDriver;
  let http: HeldDriver;
  let started: string[];
  let leftovers: string[];
  let unexpected: unknown[];
  let now: number;

  /** What a process knows; another call is another process beside the same folder. */
  const processOf = (limit = 2): GateRuns => {
    const drivers = { command, http } as unknown as RunTools['drivers'];
    return new GateRuns(
      {
        drivers,
        ledger: new RunLedger(folder, 10),
        clock: { now: () => new Date(now) },
        started: (request) => Promise.resolve(void started.push(request.data.gateRunId)),
        endLeftovers: (id) => Promise.resolve(void leftovers.push(id)),
        unexpected: (_request, error) => void unexpected.push(error),
      },
      new VerifierMetrics(new Registry()),
      limit,
    );
  };
  const request = (kind: 'command' | 'http' = 'command', more: object = {}) => {
    const subject = {
      application: 'shop',
      environment: 'test',
      build: { name: 'shop', evr: '1-1' },
    };
    const spec = { kind, url: 'http://{environment}/', command: ['{evr}'] };
    const data = { gateRunId: randomUUID(), gate: 'g', spec, subject, ...more };
    return { data } as unknown as Message<'gate.requested'>;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-runs-'));
    command = new HeldDriver(false);
    http = new HeldDriver(true);
    [started, leftovers, unexpected, now] = [[], [], [], Date.parse('2026-03-10T09:00:00Z')];
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('one id runs once, however often it is asked for, and is told the same', async () => {
    const runs = processOf();
    const one = request();
    const twice = [runs.run(one), runs.run(one)];
    await command.letGo();
    const [first, second] = await Promise.all(twice);
    expect(second).toBe(first);
    expect(await runs.run(one)).toBe(first);
    expect(await processOf().run(one)).toEqual(first);
    expect([command.contexts.length, started]).toEqual([1, [one.data.gateRunId]]);
  });

  it('a program that ran when its process died is ended, not run again', async () => {
    const one = request();
    void processOf().run(one);
    await eventually(() => command.contexts.length === 1);
    const after = await processOf().run(one);
    expect(after).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('restarted while it ran'),
    });
    expect(leftovers).toEqual([one.data.gateRunId]);
    expect(command.contexts).toHaveLength(1);
  });

  it('a run whose record was torn counts as begun', async () => {
    const one = request();
    const runs = processOf();
    void runs.run(one);
    await eventually(() => command.contexts.length === 1);
    await writeFile(join(folder, '.runs', `${one.data.gateRunId}.json`), '');
    expect(await processOf().run(one)).toMatchObject({ verdict: 'inconclusive' });
    expect(command.contexts).toHaveLength(1);
  });

  it('what can be taken up again is, with the time it has used and what it marked', async () => {
    const one = request('http');
    void processOf().run(one);
    await eventually(() => http.contexts.length === 1);
    await http.contexts[0]!.mark('posted');
    now += 4_000;
    const again = processOf().run(one);
    await eventually(() => http.contexts.length === 2);
    expect(http.contexts[1]).toMatchObject({ spentMs: 4_000, marked: 'posted' });
    await http.letGo();
    await http.letGo();
    expect((await again).verdict).toBe('pass');
    expect(started).toHaveLength(1);
  });

  it('a cancel ends the run, and says why', async () => {
    const runs = processOf();
    const one = request();
    const result = runs.run(one);
    await eventually(() => command.contexts.length === 1);
    runs.cancel(one.data.gateRunId, 'superseded');
    expect(await result).toMatchObject({
      verdict: 'inconclusive',
      summary: 'cancelled: superseded',
    });
    expect(await processOf().run(one)).toMatchObject({ summary: 'cancelled: superseded' });
  });

  it('a cancel that overtook its request keeps it from running', async () => {
    const runs = processOf();
    const one = request();
    runs.cancel(one.data.gateRunId, 'superseded');
    expect(await runs.run(one)).toMatchObject({ verdict: 'inconclusive' });
    expect(command.contexts).toHaveLength(0);
  });

  it('who waits for a turn can be cancelled, and has not begun', async () => {
    const runs = processOf(1);
    const [first, second] = [request(), request()];
    void runs.run(first);
    const result = runs.run(second);
    await eventually(() => command.contexts.length === 1);
    runs.cancel(second.data.gateRunId, 'no more');
    expect(await result).toMatchObject({ verdict: 'inconclusive', summary: 'cancelled: no more' });
    expect(started).toEqual([first.data.gateRunId]);
  });

  it('so many run at once', async () => {
    const runs = processOf(2);
    const results = [request(), request(), request()].map((each) => runs.run(each));
    await eventually(() => command.contexts.length === 2);
    await delay(50);
    expect(command.contexts).toHaveLength(2);
    for (let n = 0; n < 3; n++) await command.letGo();
    expect((await Promise.all(results)).map(({ verdict }) => verdict)).toEqual([
      'pass',
      'pass',
      'pass',
    ]);
  });

  it('when the process stops, programs are over and the rest is left to the next', async () => {
    const runs = processOf();
    const [program, question] = [request(), request('http')];
    const results = [runs.run(program), runs.run(question)];
    await eventually(() => command.contexts.length + http.contexts.length === 2);
    runs.stop();
    await expect(results[1]).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await results[0]).toMatchObject({ summary: expect.stringContaining('was stopped') });
    await expect(runs.run(request())).rejects.toMatchObject({ kind: 'unavailable' });
    const resumed = processOf().run(question);
    await eventually(() => http.contexts.length === 2);
    await http.letGo(new Error('never heard'));
    await http.letGo();
    expect((await resumed).verdict).toBe('pass');
  });

  it('a request that is too old is not run', async () => {
    const old = request('command', { expiresAt: new Date(now).toISOString() });
    expect(await processOf().run(old)).toMatchObject({ verdict: 'inconclusive' });
    expect(command.contexts).toHaveLength(0);
  });

  it('a bug in a driver is an error for us and inconclusive for them', async () => {
    const result = processOf().run(request());
    await command.letGo(new TypeError('x is undefined'));
    expect(await result).toMatchObject({ verdict: 'inconclusive' });
    expect(unexpected).toEqual([expect.any(TypeError)]);
  });

  it('evidence of old runs goes', async () => {
    const runs = processOf();
    for (let n = 0; n < 13; n++) {
      const result = runs.run(request());
      await command.letGo();
      await result;
    }
    const ledger = new RunLedger(folder, 10);
    await ledger.sweep();
    const found = await Promise.all(started.map((id) => ledger.find(id)));
    expect(found.filter((record) => record !== undefined)).toHaveLength(10);
    expect(found.at(-1)).toBeDefined();
  });
});
