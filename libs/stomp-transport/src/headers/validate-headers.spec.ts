import { describe, expect, it } from '@jest/globals';
import { assertHeaders, headerProblem, headerText, resendableHeaders } from './validate-headers.js';

describe('headers of an outgoing message', () => {
  it.each(['x-type', 'traceparent', 'content-type', 'xCamelCase', 'type'])(
    'may be named %s',
    (name) => {
      expect(headerProblem(name, 'value')).toBeUndefined();
    },
  );

  it.each([
    'receipt',
    'transaction',
    'destination',
    'content-length',
    'expires',
    'priority',
    'persistent',
    'reply-to',
    'correlation-id',
    'selector',
    'transformation',
  ])('may not be named %s: the broker would act on it', (name) => {
    expect(headerProblem(name, 'value')).toMatch(/reserved/);
  });

  it.each(['hasOwnProperty', 'constructor', 'toString', '__proto__', 'valueOf'])(
    'may not be named %s: it crashes other consumers',
    (name) => {
      expect(headerProblem(name, 'value')).toMatch(/built-in/);
    },
  );

  it.each([
    'JMSXGroupID',
    'AMQ_SCHEDULED_DELAY',
    '',
    'x_type',
    'x:y',
    'x\ny',
    '1x',
    'ü',
    'x'.repeat(65),
  ])('may not be named %j', (name) => {
    expect(headerProblem(name, 'value')).toMatch(/must match/);
  });

  it.each(['a\nb', 'a\rb', 'a\0b', 'ü', '\u{1f680}', '\t', '\u007f'])('may not say %j', (value) => {
    expect(headerProblem('x-a', value)).toMatch(/ASCII/);
  });

  it('take 512 bytes and not one more', () => {
    expect(headerProblem('x-a', 'a'.repeat(512))).toBeUndefined();
    expect(headerProblem('x-a', 'a'.repeat(513))).toMatch(/longer/);
  });

  it('are strings, whatever the types of a caller claim', () => {
    expect(headerProblem('x-a', 1)).toBe('must be a string, not number');
    expect(headerProblem('x-a', undefined)).toBe('must be a string, not undefined');
  });

  it('are at most 40', () => {
    const headers = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, '']));
    expect(() => assertHeaders(headers(40))).not.toThrow();
    expect(() => assertHeaders(headers(41))).toThrow(/41 headers/);
  });

  it('are refused by name, with the name made printable', () => {
    expect(() => assertHeaders({ 'x\ny': '' })).toThrow('header "x?y" must match');
  });
});

describe('headers that are sent on', () => {
  it('leave out what belongs to the broker and what could not be sent', () => {
    const received = {
      'x-type': 't',
      'message-id': 'ID:1',
      ack: 'a',
      'x-long': 'l'.repeat(600),
      JMSXUserID: 'u',
    };
    expect(resendableHeaders(received)).toEqual({ 'x-type': 't' });
  });

  it('turn any text into a value that may be sent', () => {
    const text = headerText(`fälschung\n${'x'.repeat(600)}`);
    expect(text).toMatch(/^f\?lschung\?x+$/);
    expect(headerProblem('x-a', text)).toBeUndefined();
  });
});
