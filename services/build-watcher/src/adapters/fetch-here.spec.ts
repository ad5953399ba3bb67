import { describe, expect, it } from '@jest/globals';
import { fetchFailure, redirectTarget } from './fetch-here.js';

const from = (url: string, location: string | null) => redirectTarget(new URL(url), location).href;

describe('a redirect of the repository', () => {
  it.each([
    ['https://rpm.example.net/a', '/b', 'https://rpm.example.net/b'],
    ['https://rpm.example.net/a/c', 'd', 'https://rpm.example.net/a/d'],
    ['http://rpm.example.net/a', 'https://rpm.example.net/a', 'https://rpm.example.net/a'],
    ['http://rpm.example.net:8080/a', 'https://rpm.example.net/a', 'https://rpm.example.net/a'],
  ])('of %s to %s is followed', (url, location, to) => {
    expect(from(url, location)).toBe(to);
  });

  it.each<[string, string | null]>([
    ['https://rpm.example.net/a', 'http://rpm.example.net/a'],
    ['https://rpm.example.net/a', 'https://rpm.example.org/a'],
    ['https://rpm.example.net/a', '//rpm.example.org/a'],
    ['https://rpm.example.net/a', 'https://rpm.example.net:8443/a'],
    ['https://rpm.example.net/a', 'https://rpm.example.net.example.org/a'],
    ['https://rpm.example.net/a', 'https://rpm.example.net@example.org/a'],
    ['http://rpm.example.net/a', 'http://169.254.169.254/latest'],
    ['http://rpm.example.net/a', 'http://rpm.example.net:22/a'],
    ['http://rpm.example.net/a', 'file:///etc/passwd'],
    ['http://rpm.example.net/a', 'http://'],
    ['http://rpm.example.net/a', null],
  ])('H-087 of %s to %s is refused', (url, location) => {
    expect(() => from(url, location)).toThrow(
      expect.objectContaining({ code: 'repository.untrusted' }),
    );
  });

  it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    'H-087 a certificate that is not trusted (%s) is told apart from a server that is away',
    (code) => {
      const error = new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) });
      const url = new URL('https://rpm.example.net');
      expect(fetchFailure(url, error)).toMatchObject({ code: 'repository.untrusted' });
      expect(fetchFailure(url, new Error('ECONNREFUSED'))).toMatchObject({
        code: 'repository.unreachable',
      });
    },
  );
});
