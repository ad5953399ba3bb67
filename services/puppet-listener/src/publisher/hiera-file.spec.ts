import type { WantedVersion } from '@gantry/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { HieraFileError, mergeVersions, writeVersions } from './hiera-file.js';

const version = (hieraKey: string, evr: string): WantedVersion =>
  ({ hieraKey, name: 'shop', evr }) as unknown as WantedVersion;

describe('putting versions into a host\u2019s data', () => {
  it('makes a new file', () => {
    expect(mergeVersions('', [version('profile::shop::version', '1.2.0-1')])).toBe(
      'profile::shop::version: "1.2.0-1"\n',
    );
  });

  it('keeps other applications, other data and comments', () => {
    const existing =
      '---\n# by hand\nprofile::cart::version: "3.0-1"\nprofile::shop::version: "1.1.0-1" # old\nlist: [a, b]\n';
    const merged = mergeVersions(existing, [version('profile::shop::version', '1.2.0-1')]);
    expect(parse(merged)).toEqual({
      'profile::cart::version': '3.0-1',
      'profile::shop::version': '1.2.0-1',
      list: ['a', 'b'],
    });
    expect(merged).toContain('# by hand');
  });

  it.each(['1-1', '1.10-1', '2e3-1', '1:2.0-1', '1.0~rc1-1', '1.0^git1-1'])(
    'writes %s so that Hiera reads a string',
    (evr) => {
      expect(parse(mergeVersions('', [version('a::b', evr)]))).toEqual({ 'a::b': evr });
      expect(mergeVersions('', [version('a::b', evr)])).toContain(`"${evr}"`);
    },
  );

  it.each([
    ['content that is no YAML', '{broken', 'a::b'],
    ['content that is a list', '- a\n', 'a::b'],
    ['a key that is no Hiera key', '', 'a b: {x'],
    ['the key that rules all lookups', '', 'lookup_options'],
  ])('refuses %s', (_what, existing, key) => {
    expect(() => mergeVersions(existing, [version(key, '1-1')])).toThrow(HieraFileError);
  });
});

describe('the file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-hiera-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is replaced whole: a new inode, readable by the Puppet server, and nothing beside it', () => {
    const path = join(folder, 'web1.lab.yaml');
    writeVersions(path, [version('a::b', '1-1')]);
    const first = statSync(path);
    const before = process.umask(0o077);
    writeVersions(path, [version('a::b', '2-1')]);
    process.umask(before);
    const second = statSync(path);
    expect(second.ino).not.toBe(first.ino);
    expect(second.mode & 0o777).toBe(0o644);
    expect(readFileSync(path, 'utf8')).toBe('a::b: "2-1"\n');
    expect(readdirSync(folder)).toEqual(['web1.lab.yaml']);
  });

  it('stays as it is when it cannot be merged', () => {
    const path = join(folder, 'web1.lab.yaml');
    writeFileSync(path, 'just text');
    expect(() => writeVersions(path, [version('a::b', '1-1')])).toThrow(/no mapping/);
    expect(readFileSync(path, 'utf8')).toBe('just text');
  });
});
