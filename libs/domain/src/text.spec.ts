import { describe, expect, it } from '@jest/globals';
import { clip, some } from './text.js';

describe('words from outside', () => {
  it('are cut to what a message may carry', () => {
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('abcd', 3)).toBe('ab…');
    expect(clip('x'.repeat(9_999), 500)).toHaveLength(500);
  });
});

describe('a list of names', () => {
  it('tells the first, and how many more there are', () => {
    expect(some([])).toBe('none');
    expect(some(['a', 'b'])).toBe('a, b');
    expect(some(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  });
});
