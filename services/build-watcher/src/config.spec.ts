import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@gantry/service-kit';
import { BuildWatcherConfig, readLimitsOf } from './config.js';

const broker = {
  GANTRY_BROKER_URIS: 'stomp://127.0.0.1:61613',
  GANTRY_BROKER_LOGIN: 'build-watcher',
  GANTRY_BROKER_PASSCODE: 'x',
  GANTRY_CURSOR_DIR: '/var/lib/gantry/build-watcher',
};
const repository = {
  name: 'releases',
  url: 'https://rpm.example.net/releases',
  packages: ['shop'],
};
const load = (repositories: unknown) =>
  loadConfig(BuildWatcherConfig, { ...broker, GANTRY_REPOSITORIES: JSON.stringify(repositories) });

describe('the configuration', () => {
  it('takes repositories by HTTP and on disk', () => {
    const disk = { ...repository, name: 'local', url: 'file:///srv/rpm', pollMs: 500 };
    expect(load([repository, disk]).GANTRY_REPOSITORIES).toEqual([
      { ...repository, pollMs: 10_000 },
      disk,
    ]);
  });

  it.each([
    ['no repository', []],
    ['two of one name', [repository, repository]],
    ['no package', [{ ...repository, packages: [] }]],
    ['another protocol', [{ ...repository, url: 'ftp://rpm.example.net' }]],
    ['a keyring without a folder', [{ ...repository, keyring: 'keys.gpg' }]],
    ['package keys without a folder', [{ ...repository, packageKeyring: 'KEY' }]],
    ['a path', [{ ...repository, url: '/srv/rpm' }]],
  ])('refuses %s', (_name, repositories) => {
    expect(() => load(repositories)).toThrow(/GANTRY_REPOSITORIES/);
  });

  it('is shown whole in .env.example, with the limits that hold anyway', () => {
    const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const shown = loadConfig(BuildWatcherConfig, parseEnv(example) as Record<string, string>);
    expect(readLimitsOf(shown)).toEqual(readLimitsOf(load([repository])));
  });
});
