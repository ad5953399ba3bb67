import { afterEach, describe, expect, it } from '@jest/globals';
import { PrometheusDriver } from '../src/drivers/prometheus/prometheus.driver.js';
import { localHttp, runDriver } from './driver-bench.js';
import { errorAnswer, FakePrometheus } from './fake-prometheus.js';

describe('a prometheus gate, before a server that speaks its API', () => {
  let server: FakePrometheus;
  afterEach(() => server.stop());

  const run = (more: object = {}) =>
    runDriver(new PrometheusDriver(localHttp(), { now: () => new Date() }), {
      kind: 'prometheus',
      url: server.url,
      query: 'rate(errors{application="shop"}[1m]) + 0',
      threshold: { op: '<', value: 1 },
      minSamples: 3,
      windowMs: 200,
      intervalMs: 50,
      deadlineMs: 1_000,
      ...more,
    });

  it('passes when all series keep to the threshold for the whole window', async () => {
    server = await FakePrometheus.start([['0.5', '0.25']]);
    const startedAt = performance.now();
    const outcome = await run();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
    expect(outcome.verdict).toBe('pass');
    expect(outcome.evidence.samples!.length).toBeGreaterThanOrEqual(3);
    expect(outcome.evidence.samples![0]!.value).toBe(0.5);
    expect(new Set(server.queries)).toEqual(new Set(['rate(errors{application="shop"}[1m]) + 0']));
  });

  it('fails at once when one series breaks it', async () => {
    server = await FakePrometheus.start([['0.5'], ['0.5', '2']]);
    expect(await run({ deadlineMs: 60_000, windowMs: 50_000 })).toMatchObject({
      verdict: 'fail',
      summary: 'a value is 2, which is not < 1',
    });
    expect(server.queries).toHaveLength(2);
  });

  it.each([
    ['there is no value', [[]]],
    ['it is not a number', [['NaN']]],
    ['values stop coming', [['0.5'], ['0.5'], ['0.5'], []]],
    ['the server is overloaded', [errorAnswer(503, 'query timed out')]],
    ['the server hangs', ['hang']],
    ['the server cuts the connection', ['cut']],
    ['it is another server', [{ body: '<html>' }]],
  ] as const)('is inconclusive when %s', async (_name, values) => {
    server = await FakePrometheus.start(values);
    expect((await run()).verdict).toBe('inconclusive');
  });

  it('says at once that a query is refused', async () => {
    server = await FakePrometheus.start([errorAnswer(400, 'parse error at char 5')]);
    const outcome = await run({ deadlineMs: 60_000 });
    expect(outcome).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('parse error at char 5'),
    });
    expect(server.queries).toHaveLength(1);
  });
});
