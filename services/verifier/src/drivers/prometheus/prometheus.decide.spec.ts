import { describe, expect, it } from '@jest/globals';
import { GateSpec, type GateSpecOf } from '@gantry/contracts';
import { readAnswer } from './answer.js';
import { NOTHING_WATCHED, outcomeOf, withEvaluation, type Watched } from './prometheus.decide.js';

const AT = '2026-03-10T09:05:00.000Z';
const spec = (more: object = {}): GateSpecOf<'prometheus'> =>
  GateSpec.parse({
    kind: 'prometheus',
    url: 'http://p/',
    query: 'q',
    threshold: { op: '<', value: 1 },
    minSamples: 2,
    windowMs: 1_000,
    deadlineMs: 5_000,
    ...more,
  }) as never;
const vector = (...values: string[]): string =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result: values.map((v) => ({ metric: {}, value: [1, v] })) },
  });
const watch = (bodies: readonly string[], of = spec()) => {
  let watched: Watched = NOTHING_WATCHED;
  for (const body of bodies) {
    const next = withEvaluation(of, watched, readAnswer(200, body), AT);
    if (next.outcome !== undefined) return next.outcome;
    watched = next.watched;
  }
  return outcomeOf(of, watched, 1_000);
};

describe('an answer of Prometheus', () => {
  it.each([
    ['a vector', 200, vector('1.5', '2'), { kind: 'values', values: [1.5, 2] }],
    [
      'a scalar',
      200,
      '{"status":"success","data":{"resultType":"scalar","result":[1,"3"]}}',
      { kind: 'values', values: [3] },
    ],
    ['infinities', 200, vector('+Inf', '-Inf'), { kind: 'values', values: [Infinity, -Infinity] }],
    ['no series', 200, vector(), { kind: 'missing' }],
    ['NaN', 200, vector('1', 'NaN'), { kind: 'missing' }],
    ['an empty value', 200, vector(''), { kind: 'missing' }],
    [
      'a matrix',
      200,
      '{"status":"success","data":{"resultType":"matrix","result":[]}}',
      { kind: 'missing' },
    ],
    ['a page', 502, '<html>', { kind: 'missing' }],
    [
      'a query it cannot read',
      400,
      '{"status":"error","error":"parse error"}',
      { kind: 'refused' },
    ],
    ['an overload', 503, '{"status":"error","error":"timeout"}', { kind: 'missing' }],
  ])('with %s', (_name, status, body, expected) => {
    expect(readAnswer(status, body)).toMatchObject(expected);
  });
});

describe('the verdict of a query', () => {
  const ok = vector('0.5', '0.9');
  it.each([
    ['pass', 'every series keeps to the threshold', [ok, ok], {}],
    ['pass', 'values were missing and came', [vector(), ok, ok], {}],
    ['fail', 'one series breaks it', [ok, vector('0.1', '1')], {}],
    ['fail', 'it is broken without bound', [vector('+Inf')], {}],
    ['inconclusive', 'no value', [vector(), vector()], {}],
    ['inconclusive', 'NaN, which is not below anything', [vector('NaN')], { minSamples: 1 }],
    ['inconclusive', 'missing at the end', [ok, ok, vector()], {}],
    ['inconclusive', 'too few', [ok], {}],
    ['inconclusive', 'not watched for long enough', [ok, ok], { windowMs: 60_000 }],
  ])('%s: %s', (verdict, _why, bodies, more) => {
    expect(watch(bodies, spec(more)).verdict).toBe(verdict);
  });

  it.each([
    ['<', 1, 'fail'],
    ['<=', 1, 'pass'],
    ['>', 1, 'fail'],
    ['>=', 1, 'pass'],
    ['>', 0.9, 'pass'],
  ] as const)('1 %s %d: %s', (op, value, verdict) => {
    const of = spec({ threshold: { op, value }, minSamples: 1 });
    expect(watch([vector('1')], of).verdict).toBe(verdict);
  });

  it('keeps samples that JSON can hold', () => {
    const { evidence } = watch([vector('+Inf')]);
    expect(JSON.parse(JSON.stringify(evidence.samples))).toEqual([
      { at: AT, value: Number.MAX_VALUE },
    ]);
  });
});
