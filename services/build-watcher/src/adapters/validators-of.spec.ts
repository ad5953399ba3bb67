import { describe, expect, it } from '@jest/globals';
import { conditionOf, validatorsOf } from './validators-of.js';

const headers = (ageSeconds: number | undefined, etag?: string): Headers => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const result = new Headers({ date: new Date(now).toUTCString() });
  if (ageSeconds !== undefined)
    result.set('last-modified', new Date(now - ageSeconds * 1_000).toUTCString());
  if (etag !== undefined) result.set('etag', etag);
  return result;
};

describe('what is asked for only when it changed', () => {
  it('is a file whose server will notice', () => {
    expect(validatorsOf(headers(120, '"a"'))).toMatchObject({ etag: '"a"' });
    expect(validatorsOf(headers(undefined, '"a"'))).toEqual({ etag: '"a"' });
    expect(conditionOf(validatorsOf(headers(120)))).toHaveProperty('if-modified-since');
    expect(conditionOf(undefined)).toEqual({});
  });

  it('F-090 is never a file so young that a second state of the same second would look the same', () => {
    expect(validatorsOf(headers(1, '"a"'))).toBeUndefined();
    expect(validatorsOf(headers(-5, '"a"'))).toBeUndefined();
    expect(validatorsOf(headers(undefined, 'W/"a"'))).toBeUndefined();
    expect(validatorsOf(headers(undefined))).toBeUndefined();
  });
});
