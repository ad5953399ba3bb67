import type { HealthCheck } from '@gantry/contracts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askOnce } from './ask-once.js';
import { FIRST_STANDING, judgeAnswer, type Answer } from './health-judge.js';
import { probeHealth } from './probe-health.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(60_000);

const check = (more: Partial<HealthCheck> = {}): HealthCheck => ({
  ...{
    url: 'http://127.0.0.1/',
    expectStatus: 200,
    intervalMs: 1,
    timeoutMs: 1_000,
    goodInRow: 3,
    deadlineMs: 5_000,
  },
  ...more,
});
const answers = (...list: readonly Answer[]) => {
  let n = 0;
  return () => Promise.resolve(list[Math.min(n++, list.length - 1)]!);
};
const good: Answer = { status: 200, body: 'version 1.2.0-1' };
const bad: Answer = { status: 503, body: 'starting' };

describe('one answer', () => {
  const judge = (
    answer: Answer,
    more: Partial<HealthCheck> = {},
    evr: string | undefined = '1.2.0-1',
  ) => judgeAnswer(FIRST_STANDING, answer, check(more), evr).reason;

  it.each([
    ['right', good, { expectBody: '{evr}' }, 'good'],
    ['another status', bad, {}, 'status 503, expected 200'],
    [
      'another version',
      good,
      { expectBody: 'version {evr}!' },
      'the body does not hold "version 1.2.0-1!"',
    ],
    [
      'none',
      { status: null, body: '', problem: 'connect ECONNREFUSED' },
      {},
      'connect ECONNREFUSED',
    ],
  ])('%s', (_what, answer, more, reason) => {
    expect(judge(answer, more)).toBe(reason);
  });

  it('cannot be good when the check wants a version and the command names none', () => {
    expect(
      judgeAnswer(FIRST_STANDING, good, check({ expectBody: '{evr}' }), undefined).goodInRow,
    ).toBe(0);
  });
});

describe('a health check', () => {
  it('F-072 wants good answers in a row: a flapping application starts again from nothing', async () => {
    const health = await probeHealth(
      check(),
      '1.2.0-1',
      answers(good, good, bad, good, good, good),
    );
    expect(health).toMatchObject({ healthy: true, goodInRow: 3, attempts: 6, lastStatus: 200 });
  });

  it('ends at its deadline with what it saw last', async () => {
    const health = await probeHealth(check({ deadlineMs: 0 }), undefined, answers(bad));
    expect(health).toMatchObject({
      healthy: false,
      attempts: 1,
      lastStatus: 503,
      lastBody: 'starting',
    });
    expect(health.reason).toContain('status 503');
  });
});

describe('asking over HTTP', () => {
  let server: Server;
  const url = (path: string): string =>
    `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/hang') return;
      if (request.url === '/flood') response.end('x'.repeat(1_000_000));
      else if (request.url === '/away') response.writeHead(302, { location: '/' }).end();
      else response.end('fine');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('tells status and body, and follows no redirect', async () => {
    expect(await askOnce(url('/'), 1_000)).toEqual({ status: 200, body: 'fine' });
    expect(await askOnce(url('/away'), 1_000)).toMatchObject({ status: 302 });
  });

  it('waits no longer than it may, reads no more than it must, and takes a refusal for an answer', async () => {
    expect(await askOnce(url('/hang'), 50)).toMatchObject({
      status: null,
      problem: 'no answer within 50 ms',
    });
    expect((await askOnce(url('/flood'), 5_000)).body.length).toBeLessThan(200_000);
    expect(await askOnce('http://127.0.0.1:1/', 1_000)).toMatchObject({ status: null });
  });
});
