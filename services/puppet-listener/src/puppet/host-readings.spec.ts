import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult } from '../host/command.js';
import { agentArgv } from './agent-argv.js';
import { catalogVersions } from './catalog-versions.js';
import { queryPackages } from './rpm-query.js';
import { disabledReason, lockHolder } from './run-lock.js';
import { settingsReader } from './settings.js';
import { lastRunAt } from './summary.js';

const said =
  (stdout: string, more: Partial<CommandResult> = {}) =>
  () =>
    Promise.resolve({ code: 0, stdout, stderr: '', missing: false, ...more });

describe('the RPM database', () => {
  it.each([
    ['shop|0:1.2.0-1|shop-1.2.0-1.noarch', '1.2.0-1'],
    ['shop|1:1.2.0-1|shop-1:1.2.0-1.x86_64', '1:1.2.0-1'],
    ['shop|0:2.0.0~rc1-1.el9|shop-2.0.0~rc1-1.el9.noarch', '2.0.0~rc1-1.el9'],
    ['package shop is not installed', null],
    ['shop|0:1.0-1|shop-1.0-1.noarch\nshop|0:1.1-1|shop-1.1-1.noarch', '1.1-1'],
    ['shopping|0:9-9|shopping-9-9.noarch', null],
    ['shop|$(reboot)|x', null],
  ])('%j means %j', async (stdout, evr) => {
    const [found] = await queryPackages('rpm', said(stdout), ['shop'] as never);
    expect(found?.evr).toBe(evr);
    expect(found?.nevra === null).toBe(evr === null);
  });
});

describe('Puppet\u2019s settings', () => {
  const PRINTED = [
    'agent_catalog_run_lockfile = /l',
    'agent_disabled_lockfile = /d',
    'certname = web1',
    'client_datadir = /c',
    'lastrunfile = /s',
    'lastrunreport = /r',
  ].join('\n');

  it('are asked for once, and again after a failure', async () => {
    let asked = 0;
    const run = () => said(asked++ === 0 ? '' : PRINTED)();
    const read = settingsReader('puppet', run);
    expect(await read()).toContain('gave no paths');
    expect(await read()).toMatchObject({ report: '/r', runLock: '/l', certname: 'web1' });
    await read();
    expect(asked).toBe(2);
  });

  it('are missed with a reason when Puppet is not there', async () => {
    expect(await settingsReader('/opt/puppet', said('', { missing: true }))()).toBe(
      '/opt/puppet is not installed or not on the path',
    );
  });
});

describe('lock files', () => {
  let folder: string;
  const put = (text: string): string => {
    writeFileSync(join(folder, 'lock'), text);
    return join(folder, 'lock');
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(['', 'text', '999999999', '1', '-1'])('with %j prove nothing', (text) => {
    expect(lockHolder(put(text))).toBeUndefined();
  });

  it('tell why Puppet is disabled, whatever is in them', () => {
    expect(disabledReason(put('{"disabled_message":"disk swap"}'))).toBe('disk swap');
    expect(disabledReason(put(''))).toBe('no reason given');
    expect(disabledReason(put('{"disabled_message":7}'))).toBe('no reason given');
    expect(disabledReason(join(folder, 'absent'))).toBeNull();
  });
});

describe('small files', () => {
  it('tell when the last run was', () => {
    expect(lastRunAt('---\ntime:\n  total: 1.5\n  last_run: 1700000000\n')).toBe(
      '2023-11-14T22:13:20.000Z',
    );
    expect(lastRunAt('nothing')).toBeNull();
  });

  it('tell which versions a catalog asked for, if it is the right one', () => {
    const resources = [
      { type: 'Package', title: 'shop', parameters: { ensure: '1.2.0-1' } },
      { type: 'Package', title: 'the cart', parameters: { name: 'cart' } },
      { type: 'File', title: '/x' },
    ];
    const text = JSON.stringify({ catalog_uuid: 'u', resources });
    expect([...(catalogVersions(text, 'u') ?? [])]).toEqual([
      ['shop', '1.2.0-1'],
      ['cart', 'present'],
    ]);
    expect(catalogVersions(text, 'other')).toBeUndefined();
    expect(catalogVersions('{', 'u')).toBeUndefined();
    expect(catalogVersions('{"catalog_uuid":"u","resources":[null]}', 'u')).toBeUndefined();
  });
});

describe('the agent\u2019s arguments', () => {
  const run = {
    runId: 'run-1',
    noop: false,
    runTimeoutMs: 1_800_000,
    waitForLockMs: 300_000,
    logFile: '/l.jsonl',
  };

  it('are the ones that were tried, whole', () => {
    expect(agentArgv(run).join(' ')).toBe(
      'agent --onetime --no-daemonize --verbose --detailed-exitcodes --color=false --no-splay --no-noop --no-usecacheonfailure ' +
        '--no-use_cached_catalog --strict_environment_mode --waitforcert 0 --waitforlock 10 --maxwaitforlock 300 ' +
        '--runtimeout 1800 --job-id run-1 --logdest /l.jsonl',
    );
  });

  it('differ in noop, and in not waiting for the lock at all', () => {
    const argv = agentArgv({ ...run, noop: true, waitForLockMs: 0 });
    expect(argv).toContain('--noop');
    expect(argv).not.toContain('--no-noop');
    expect(argv).not.toContain('--maxwaitforlock');
  });
});
