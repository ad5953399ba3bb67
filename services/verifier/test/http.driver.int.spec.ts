import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpDriver } from '../src/drivers/http/http.driver.js';
import { StopReason } from '../src/ports/stop-reason.js';
import { contextOf, localHttp, runDriver } from './driver-bench.js';
import { TracedServer, type Answer, type Asked } from './traced-server.js';

describe('an http gate, before a real server', () => {
  let server: TracedServer;
  afterEach(() => server.stop());

  const serve = async (answer: (asked: Asked, n: number) => Answer): Promise<void> => {
    let n = 0;
    server = await TracedServer.start((asked) => answer(asked, (n += 1)));
  };
  const run = (more: object = {}, options: Parameters<typeof runDriver>[2] = {}) =>
    runDriver(
      new HttpDriver(localHttp()),
      { kind: 'http', url: `${server.url}/healthz`, intervalMs: 50, deadlineMs: 1_000, ...more },
      options,
    );

  it('passes when it is good so often in a row, after it was not', async () => {
    await serve((_asked, n) => ({ status: n === 2 ? 503 : 200, body: '{"evr":"1.2.0-1"}' }));
    const json = { path: 'evr', equals: '1.2.0-1' };
    const outcome = await run({ json, headers: { 'X-From': 'gantry' } });
    expect(outcome).toMatchObject({ verdict: 'pass', evidence: { status: 200, attempts: 5 } });
    expect(server.asked).toHaveLength(5);
    expect(server.asked[0]).toMatchObject({
      method: 'GET',
      path: '/healthz',
      headers: { 'x-from': 'gantry', host: `127.0.0.1:${server.port}` },
    });
  });

  it.each(['HEAD', 'POST'])('asks with %s', async (method) => {
    await serve(() => ({ status: 204 }));
    expect(await run({ method, expectStatus: 204, goodInRow: 1 })).toMatchObject({
      verdict: 'pass',
    });
    expect(server.asked.map((asked) => asked.method)).toEqual([method]);
  });

  it('fails when the answers are bad until the time is over', async () => {
    await serve(() => ({ status: 500, body: 'stack trace' }));
    const outcome = await run();
    expect(outcome).toMatchObject({
      verdict: 'fail',
      evidence: { status: 500, excerpt: 'stack trace' },
    });
    expect(outcome.evidence.attempts).toBeGreaterThan(5);
  });

  it.each([
    ['hangs', 'hang'],
    ['cuts the connection', 'cut'],
  ] as const)('is inconclusive when the server %s', async (_name, answer) => {
    await serve(() => answer);
    expect(await run({ timeoutMs: 100 })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('no answer within 1000 ms'),
    });
  });

  it('a last try cut short by the deadline does not hide that the answers were bad', async () => {
    await serve((_asked, n) => (n < 3 ? { status: 500 } : 'hang'));
    expect(await run({ timeoutMs: 5_000 })).toMatchObject({ verdict: 'fail' });
  });

  it('is inconclusive when nobody listens, or the name is nobody', async () => {
    await serve(() => ({}));
    const { port } = server;
    await server.stop();
    for (const url of [`http://127.0.0.1:${port}/`, 'http://nobody.invalid/'])
      expect(await run({ url, deadlineMs: 300 })).toMatchObject({ verdict: 'inconclusive' });
  });

  it('reads no more of an answer without end than it looks at', async () => {
    await serve(() => ({ body: 'x'.repeat(20_000_000) }));
    const outcome = await run({ goodInRow: 1, expectBody: 'xxx' });
    expect(outcome.verdict).toBe('pass');
    expect(outcome.evidence.excerpt!.length).toBeLessThanOrEqual(4_000);
  });

  it('goes on with the time that is left', async () => {
    await serve(() => ({ status: 500 }));
    const startedAt = performance.now();
    await run({ deadlineMs: 60_000 }, { context: contextOf({ spentMs: 59_700 }) });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('ends at once when it is cancelled, also in the middle of an answer', async () => {
    const ending = new AbortController();
    await serve(() => {
      setTimeout(() => ending.abort(new StopReason('cancelled', 'cancelled: enough')), 50);
      return 'hang';
    });
    const ended = run({ deadlineMs: 60_000, timeoutMs: 60_000 }, { signal: ending.signal });
    await expect(ended).rejects.toThrow('cancelled: enough');
  });
});
