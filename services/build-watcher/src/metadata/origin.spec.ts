import { describe, expect, it } from '@jest/globals';
import { originOf } from './origin.js';

const TRAILERS = `A shop.

Build-URL: https://ci.example.net/job/shop/42/
Commit: 1f2e3d4c5b6a79880011223344556677889900aa
Author: Anna Lind <anna@example.net>`;
const of = (description: string, packager = '') => originOf({ description, packager });

describe('where a build comes from', () => {
  it('is read from the lines that its job wrote into the description', () => {
    expect(of(TRAILERS)).toEqual({
      job: 'https://ci.example.net/job/shop/42/',
      commit: '1f2e3d4c5b6a79880011223344556677889900aa',
      author: 'Anna Lind <anna@example.net>',
    });
  });

  it('is its packager where no author is named', () => {
    expect(of('A shop.', 'Builders <b@example.net>')).toEqual({
      author: 'Builders <b@example.net>',
    });
    expect(of('A shop.')).toBeUndefined();
  });

  it.each([
    ['a script for an address', 'Build-URL: javascript:alert(1)'],
    ['a file for an address', 'Build-URL: file:///etc/passwd'],
    ['prose for a commit', 'Commit: the last one'],
    ['an author with control characters', 'Author: a\u001b[31mred'],
    ['an author without end', `Author: ${'x'.repeat(5_000)}`],
  ])('leaves out %s', (_what, description) => {
    expect(of(description)).toBeUndefined();
  });
});
