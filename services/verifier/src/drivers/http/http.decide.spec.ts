import { describe, expect, it } from '@jest/globals';
import { GateSpec, type GateSpecOf } from '@gantry/contracts';
import { judge, NO_TRIES, outcomeOf, withTry, type Try } from './http.decide.js';

const spec = (more: object = {}): GateSpecOf<'http'> =>
  GateSpec.parse({ kind: 'http', url: 'http://shop/', goodInRow: 2, ...more }) as never;
const answer = (body: string, status = 200) => ({ status, body, headers: {} });
const good: Try = { kind: 'good', status: 200, excerpt: '' };
const bad: Try = { kind: 'bad', why: 'status 500, expected 200', status: 500, excerpt: '' };
const silent: Try = { kind: 'unreachable', why: 'refused' };
const verdictOf = (...tries: Try[]) => outcomeOf(spec(), tries.reduce(withTry, NO_TRIES)).verdict;

describe('an answer', () => {
  const json = { json: { path: 'checks.0.up', equals: true } };
  it.each([
    ['of the expected status', {}, answer('')],
    ['that holds the text', { expectBody: '1.2.0-1' }, answer('version 1.2.0-1')],
    ['with the JSON value', json, answer('{"checks":[{"up":true}]}')],
    [
      'with null where null is expected',
      { json: { path: 'a', equals: null } },
      answer('{"a":null}'),
    ],
  ])('%s is good', (_name, more, given) => {
    expect(judge(spec(more), given).kind).toBe('good');
  });

  it.each([
    ['of another status', {}, answer('', 302), 'status 302, expected 200'],
    ['without the text', { expectBody: 'x' }, answer('y'), 'does not hold "x"'],
    ['that is not JSON', json, answer('<html>'), 'not JSON'],
    ['without the path', json, answer('{"checks":[]}'), 'no checks.0.up'],
    ['with another value', json, answer('{"checks":[{"up":"true"}]}'), 'is "true", expected true'],
    [
      'with a value of every object',
      { json: { path: 'constructor', equals: null } },
      answer('{}'),
      'no constructor',
    ],
  ])('%s is bad', (_name, more, given, why) => {
    expect(judge(spec(more), given)).toMatchObject({
      kind: 'bad',
      why: expect.stringContaining(why),
    });
  });

  it('is kept as text that Postgres can hold', () => {
    const { excerpt } = judge(spec(), answer(`a\u0000b\u001b[1m\ud800c\n`)) as { excerpt: string };
    expect(excerpt).toBe('ab[1m\uFFFDc\n');
  });
});

describe('the verdict over all tries', () => {
  it.each([
    ['pass', 'good often enough in a row, whatever was before', [silent, bad, good, good]],
    ['fail', 'bad to the end', [good, bad]],
    ['fail', 'good and bad by turns', [bad, good, bad, good]],
    ['inconclusive', 'nobody answered', [silent, silent]],
    ['inconclusive', 'bad, then gone: it may be restarting', [bad, silent]],
    ['inconclusive', 'good as far as there was time', [good]],
    ['inconclusive', 'not asked at all', []],
  ] as const)('%s: %s', (verdict, _why, tries) => {
    expect(verdictOf(...tries)).toBe(verdict);
  });
});
