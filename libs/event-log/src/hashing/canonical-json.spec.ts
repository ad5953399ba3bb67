import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidEventError } from '../errors/invalid-event-error.js';
import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: { d: [], c: {} } }, '{"a":{"c":{},"d":[]},"b":1}'],
    [{ '10': 1, '9': 2, a: 3, A: 4 }, '{"10":1,"9":2,"A":4,"a":3}'],
    [[1.0, 1e21, 1e-7, -0, 0.1], '[1,1e+21,1e-7,0,0.1]'],
    [{ kept: null, left: undefined }, '{"kept":null}'],
    ['"\\\n\u2028🚀é', '"\\"\\\\\\n\u2028🚀é"'],
    [Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
    [JSON.parse('{"__proto__":{"x":1}}'), '{"__proto__":{"x":1}}'],
    [true, 'true'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('is a fixed point: reading it back and writing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(!/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value)));
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order in which members were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
        fc.pre(!Object.keys(value).some((key) => key.includes('\0')));
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
      }),
    );
  });

  it.each([
    ['$.a.b[1]', { a: { b: [1, '\0'] } }],
    ['$.k', { k: Number.NaN }],
    ['$[0]', [undefined]],
    ['$[1]', [1, , 2]], // eslint-disable-line no-sparse-arrays -- the hole is the case
    ['$.f', { f: () => 1 }],
    ['$.m', { m: new Map() }],
    ['$', Symbol('x')],
  ])('names the place of what it refuses: %s', (path, value) => {
    expect(() => canonicalJson(value)).toThrow(InvalidEventError);
    expect(() => canonicalJson(value)).toThrow(`${path} is `);
  });

  it('refuses what is nested too deep, a cycle included', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => canonicalJson(cycle)).toThrow(/deeper than 64/);
    const deep = JSON.parse(`${'['.repeat(64)}${']'.repeat(64)}`) as unknown;
    expect(canonicalJson(deep)).toBe(`${'['.repeat(64)}${']'.repeat(64)}`);
  });
});
