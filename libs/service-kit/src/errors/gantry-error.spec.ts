import { describe, expect, it } from '@jest/globals';
import { deliveryPolicy } from '@gantry/stomp-transport';
import { GantryError, isGantryError, kindOf, messageOf, type ErrorKind } from './gantry-error.js';
import { HTTP_STATUS } from './http-status.js';

describe('GantryError', () => {
  it('carries kind, code, details and cause', () => {
    const cause = new Error('socket hang up');
    const error = new GantryError('unavailable', 'lb.unavailable', 'The F5 does not answer.', {
      details: { device: 'f5-a' },
      cause,
    });
    expect(error).toMatchObject({
      kind: 'unavailable',
      code: 'lb.unavailable',
      message: 'The F5 does not answer.',
      details: { device: 'f5-a' },
      cause,
    });
  });

  it('is recognised by kind and code, whoever made the class', () => {
    const foreign = Object.assign(new Error('x'), { kind: 'conflict', code: 'log.conflict' });
    expect(isGantryError(foreign)).toBe(true);
    expect(kindOf(foreign)).toBe('conflict');
  });

  it.each([
    ['an error without a kind', new Error('x')],
    ['a kind nobody knows', Object.assign(new Error('x'), { kind: 'sunny', code: 'x.y' })],
    ['a kind without a code', Object.assign(new Error('x'), { kind: 'conflict' })],
    ['a plain object', { kind: 'conflict', code: 'log.conflict' }],
    ['nothing', undefined],
  ])('takes %s for a bug', (_name, thrown) => {
    expect(isGantryError(thrown)).toBe(false);
    expect(kindOf(thrown)).toBe('bug');
  });

  it('has a text for anything thrown', () => {
    expect(messageOf(new Error('a'))).toBe('a');
    expect(messageOf('b')).toBe('b');
    expect(messageOf({ c: 1 })).toMatch(/not an error/);
  });
});

describe('the error table', () => {
  const delivery: Readonly<Record<ErrorKind, string>> = {
    invalid: 'park',
    'not-found': 'park',
    conflict: 'retry',
    unavailable: 'retry',
    rejected: 'park',
    corrupt: 'stop',
    config: 'park',
    bug: 'park',
  };

  it.each(Object.entries(delivery))('at the transport, %s means %s', (kind, action) => {
    const error = new GantryError(kind as ErrorKind, 'test.x', 'x');
    expect(deliveryPolicy()(error, 1).action).toBe(action);
  });

  it('parks in the end what is only unavailable', () => {
    const policy = deliveryPolicy({ maxAttempts: 3 });
    const error = new GantryError('unavailable', 'test.x', 'x');
    expect([1, 2, 3].map((attempt) => policy(error, attempt).action)).toEqual([
      'retry',
      'retry',
      'park',
    ]);
  });

  it('gives HTTP clients 4xx only for what they can mend', () => {
    expect(HTTP_STATUS).toEqual({
      invalid: 400,
      'not-found': 404,
      conflict: 409,
      unavailable: 503,
      rejected: 502,
      corrupt: 500,
      config: 500,
      bug: 500,
    });
  });
});
