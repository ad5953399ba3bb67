import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config.js';
import { hostKey } from '../security/host-key.js';
import { takeHostLock } from './host-lock.js';
import { ConfigError, ownedFolder, requireOwned } from './owned-folder.js';
import { identityOf, isAlive } from './process-identity.js';
import { requireSafeStart } from './safe-start.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gantry-host-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the lock of a host', () => {
  const lockOf = (identity: object): void =>
    writeFileSync(join(folder, 'agent.lock'), JSON.stringify(identity));

  it('is had by one listener only, and by the next when that one has gone', () => {
    const release = takeHostLock(folder, 'agent');
    expect(() => takeHostLock(folder, 'agent')).toThrow(ConfigError);
    release();
    takeHostLock(folder, 'agent')();
  });

  it.each([
    ['a process that is gone', { pid: 999_999, startTicks: '1', bootId: 'x' }],
    ['an earlier process with our number', { ...identityOf(process.pid), startTicks: '1' }],
    ['an earlier life of the machine', { ...identityOf(process.pid), bootId: 'earlier' }],
  ])('is taken over from %s', (_what, identity) => {
    lockOf(identity);
    const release = takeHostLock(folder, 'agent');
    expect(JSON.parse(readFileSync(join(folder, 'agent.lock'), 'utf8'))).toEqual(
      identityOf(process.pid),
    );
    release();
  });

  it('is taken over when it is unreadable', () => {
    writeFileSync(join(folder, 'agent.lock'), '{');
    takeHostLock(folder, 'agent')();
  });
});

describe('folders', () => {
  it('H-058 are made for root alone, and refused when others can write or they are links', () => {
    const own = join(folder, 'state');
    ownedFolder(own);
    expect(() => requireOwned(own)).not.toThrow();
    chmodSync(own, 0o777);
    expect(() => requireOwned(own)).toThrow(/written by others/);
    mkdirSync(join(folder, 'real'), { mode: 0o700 });
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(() => requireOwned(join(folder, 'link'))).toThrow(/not a folder/);
    expect(() => requireOwned(join(folder, 'absent'))).toThrow(/does not exist/);
  });
});

describe('a start', () => {
  const start = (env: Record<string, string> = {}): void =>
    requireSafeStart(
      { stateDir: join(folder, 'state'), dispatcherKeys: folder },
      { PATH: '/usr/bin', ...env },
    );

  it.each(['host.key', 'host.pub', 'journal', 'journal.exists'])(
    'H-058 is refused while others can write %s, or it is a link',
    (name) => {
      start();
      const path = join(folder, 'state', name);
      writeFileSync(path, '', { mode: 0o600 });
      start();
      chmodSync(path, 0o660);
      expect(() => start()).toThrow(/may be written by others/);
      renameSync(path, join(folder, 'elsewhere'));
      symlinkSync(join(folder, 'elsewhere'), path);
      expect(() => start()).toThrow(/a link/);
    },
  );

  it('H-058 is refused with settings that others can write', () => {
    const path = join(folder, 'listener.json');
    writeFileSync(path, '{}');
    start({ GANTRY_LISTENER_CONFIG: path, GANTRY_BROKER_PASSCODE_FILE: path });
    chmodSync(path, 0o606);
    expect(() => start({ GANTRY_LISTENER_CONFIG: path })).toThrow(ConfigError);
    expect(() => start({ GANTRY_BROKER_PASSCODE_FILE: path })).toThrow(ConfigError);
  });

  it('H-058 is refused with a search path in which anybody may put a puppet', () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    for (const path of ['.:/usr/bin', '/usr/bin:', `${open}:/usr/bin`])
      expect(() => start({ PATH: path })).toThrow(/PATH has/);
  });
});

describe('the key of a host', () => {
  it('is made once, kept, and enrolled by its public half', () => {
    const first = hostKey(folder);
    expect(first.keyId).toMatch(/^h-[0-9a-f]{16}$/);
    expect(hostKey(folder).keyId).toBe(first.keyId);
    expect(readFileSync(join(folder, 'host.pub'), 'utf8')).toContain('BEGIN PUBLIC KEY');
  });
});

describe('a process', () => {
  it('is the same only with number, start and life of the machine', () => {
    const me = identityOf(process.pid)!;
    expect(isAlive(me)).toBe(true);
    expect(isAlive({ ...me, startTicks: '0' })).toBe(false);
    expect(isAlive({ ...me, bootId: 'other' })).toBe(false);
    expect(identityOf(999_999)).toBeUndefined();
  });
});

describe('settings', () => {
  const ENV = {
    GANTRY_LISTENER_ROLE: 'agent',
    GANTRY_CERTNAME: 'web1.lab',
    GANTRY_BROKER_URIS: 'stomp://a:1, stomp+ssl://b:2',
    GANTRY_BROKER_LOGIN: 'host',
    GANTRY_BROKER_PASSCODE: 'secret',
    GANTRY_DISPATCHER_KEYS: '/etc/gantry/trusted',
    GANTRY_PACKAGES: 'shopweb, shop-common',
  };

  it('have defaults for what is the same everywhere', () => {
    expect(readConfig(ENV)).toMatchObject({
      ...{
        role: 'agent',
        stateDir: '/var/lib/gantry-listener',
        puppet: 'puppet',
        presenceMs: 3_000,
      },
      broker: { uris: ['stomp://a:1', 'stomp+ssl://b:2'], login: 'host' },
    });
    const publisher = { ...ENV, GANTRY_LISTENER_ROLE: 'publisher', GANTRY_HIERA_DIR: '/h' };
    expect(readConfig(publisher)).toMatchObject({
      stateDir: '/var/lib/gantry-publisher',
      hieraDir: '/h',
    });
  });

  it('H-056 say which packages a host takes; none of them is taken for granted', () => {
    expect(readConfig(ENV).policy).toEqual({
      packages: ['shopweb', 'shop-common'],
      noopOnly: false,
    });
    expect(readConfig({ ...ENV, GANTRY_RUNS: 'noop' }).policy?.noopOnly).toBe(true);
    const { GANTRY_PACKAGES: _packages, ...without } = ENV;
    expect(() => readConfig(without)).toThrow('GANTRY_PACKAGES');
    expect(() => readConfig({ ...ENV, GANTRY_PACKAGES: '*' })).toThrow('GANTRY_PACKAGES');
    expect(() => readConfig({ ...ENV, GANTRY_RUNS: 'sometimes' })).toThrow('GANTRY_RUNS');
  });

  it('come from a file too, the environment first, and a secret from a file of its own', () => {
    const file = join(folder, 'listener.json');
    const passcode = join(folder, 'passcode');
    writeFileSync(passcode, 'from a file\n');
    const { GANTRY_BROKER_PASSCODE: _secret, ...rest } = ENV;
    writeFileSync(
      file,
      JSON.stringify({
        ...rest,
        GANTRY_CERTNAME: 'web2.lab',
        GANTRY_BROKER_PASSCODE_FILE: passcode,
      }),
    );
    const config = readConfig({ GANTRY_LISTENER_CONFIG: file, GANTRY_CERTNAME: 'web3.lab' });
    expect(config).toMatchObject({ certname: 'web3.lab', broker: { passcode: 'from a file' } });
  });

  it('tell everything that is wrong at once, by name, and no value', () => {
    const wrong = {
      ...ENV,
      GANTRY_LISTENER_ROLE: 'both',
      GANTRY_CERTNAME: '../x',
      GANTRY_BROKER_URIS: 'stomp://user:hunter2@a:1',
      GANTRY_BROKER_PASSCODE: '',
    };
    const problem = ((): string => {
      try {
        readConfig(wrong);
      } catch (error) {
        return String(error);
      }
      return '';
    })();
    for (const name of [
      'GANTRY_LISTENER_ROLE',
      'GANTRY_CERTNAME',
      'GANTRY_BROKER_URIS',
      'GANTRY_BROKER_PASSCODE',
    ]) {
      expect(problem).toContain(name);
    }
    expect(problem).not.toContain('hunter2');
  });
});
