import { describe, expect, it } from '@jest/globals';
import { parseStrictJson } from './strict-json.js';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));

describe('parseStrictJson', () => {
  it('reads what everybody would read alike', () => {
    expect(parse('{"a":[1,-2.5e3,"x\\n\\t\\u00e9 \\ud83d\\ude80",null,true,{"b":{}}]}')).toEqual({
      a: [1, -2500, 'x\n\té 🚀', null, true, { b: {} }],
    });
    expect(parse('{"a":{"x":1},"b":{"x":1}}')).toEqual({ a: { x: 1 }, b: { x: 1 } });
  });

  it.each([
    ['a duplicate key', '{"a":1,"a":2}', 'same key twice'],
    ['a duplicate key in disguise', '{"a":1,"\\u0061":2}', 'same key twice'],
    ['a duplicate key deeper down', '[{"b":{"a":1,"c":2,"a":3}}]', 'same key twice'],
    ['a prototype key', '{"__proto__":{"admin":true}}', 'not allowed'],
    ['a prototype key in disguise', '{"\\u005f_proto__":1}', 'not allowed'],
    ['a constructor key', '{"constructor":{"prototype":{}}}', 'not allowed'],
    ['a number beyond a double', '{"a":1e400}', 'too large'],
    ['NaN', '{"a":NaN}', 'not JSON'],
    ['a comment', '{"a":1} // x', 'not JSON'],
    ['a trailing comma', '{"a":1,}', 'not JSON'],
    ['two values', '{} {}', 'not JSON'],
    ['nothing', '', 'not JSON'],
    ['white space alone', '  ', 'not JSON'],
    ['single quotes', "{'a':1}", 'not JSON'],
    ['a byte order mark', '\ufeff{}', 'not JSON'],
    ['a NUL', '{"a":"\\u0000"}', 'control characters'],
    ['a terminal escape', '{"a":"\\u001b[31m"}', 'control characters'],
    ['a raw control character', '{"a":"\u0007"}', ''],
    ['a lone surrogate', '{"a":"\\ud800"}', 'broken Unicode'],
    ['a lone surrogate in a key', '{"\\udc00":1}', 'broken Unicode'],
  ])('refuses %s', (_what, text, why) => {
    expect(() => parse(text)).toThrow(why);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseStrictJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow('not UTF-8');
  });

  it.each(['[', '{"a":'])('refuses a body of nothing but %s at once', (opening) => {
    expect(() => parse(opening.repeat(30_000))).toThrow('nested too deeply');
  });

  it('leaves the prototype alone', () => {
    expect(() => parse('{"__proto__":{"polluted":1}}')).toThrow();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
