import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { isGantryError } from '../errors/gantry-error.js';
import { brokerEnv } from './broker-env.js';
import { httpEnv } from './http-env.js';
import { loadConfig } from './load-config.js';

const schema = z.object({
  ...brokerEnv,
  ...httpEnv,
  GANTRY_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
});

const good = {
  GANTRY_BROKER_URIS: 'stomp://a:61613, stomp+ssl://b:61614',
  GANTRY_BROKER_LOGIN: 'audit',
  GANTRY_BROKER_PASSCODE: 'secret-1',
  GANTRY_DATABASE_URL: 'postgres://audit@db/gantry',
};

function failureOf(env: Record<string, string>): { message: string; problems: string[] } {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (isGantryError(error) && error.kind === 'config') {
      return { message: error.message, problems: error.details.problems as string[] };
    }
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads, converts and freezes', () => {
    const config = loadConfig(schema, { ...good, GANTRY_HTTP_PORT: '8080', UNRELATED: 'x' });
    expect(config.GANTRY_BROKER_URIS).toEqual(['stomp://a:61613', 'stomp+ssl://b:61614']);
    expect(config.GANTRY_HTTP_PORT).toBe(8080);
    expect(config).not.toHaveProperty('UNRELATED');
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('listens on loopback and a free port, under a name of its own, unless told otherwise', () => {
    const [one, two] = [loadConfig(schema, good), loadConfig(schema, good)];
    expect(one.GANTRY_HTTP_HOST).toBe('127.0.0.1');
    expect(one.GANTRY_HTTP_PORT).toBe(0);
    expect(one.GANTRY_INSTANCE).not.toBe(two.GANTRY_INSTANCE);
  });

  it('names everything that is wrong at once', () => {
    const { problems } = failureOf({
      GANTRY_BROKER_URIS: 'tcp://a:61616',
      GANTRY_BROKER_LOGIN: '',
      GANTRY_DATABASE_URL: 'mysql://x/y',
      GANTRY_HTTP_PORT: '99999',
    });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'GANTRY_BROKER_LOGIN',
      'GANTRY_BROKER_URIS',
      'GANTRY_DATABASE_URL',
      'GANTRY_HTTP_PORT',
    ]);
    expect(problems).toContain('GANTRY_BROKER_LOGIN: is not set');
  });

  it('never prints a value', () => {
    const { message } = failureOf({
      ...good,
      GANTRY_BROKER_URIS: 'stomp://gantry:hunter2@a:61613',
      GANTRY_DATABASE_URL: 'hunter2',
    });
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain('secret-1');
  });

  it('reads NAME_FILE, without the newline at its end', () => {
    const file = join(folder, 'passcode');
    writeFileSync(file, 'from-file\n');
    const { GANTRY_BROKER_PASSCODE: _dropped, ...rest } = good;
    const config = loadConfig(schema, { ...rest, GANTRY_BROKER_PASSCODE_FILE: file });
    expect(config.GANTRY_BROKER_PASSCODE).toBe('from-file');
  });

  it('reports a file that cannot be read once, and refuses both forms together', () => {
    const { problems } = failureOf({
      ...good,
      GANTRY_BROKER_PASSCODE: '',
      GANTRY_BROKER_PASSCODE_FILE: join(folder, 'absent'),
      GANTRY_BROKER_LOGIN_FILE: join(folder, 'absent'),
    });
    expect(problems).toEqual([
      'GANTRY_BROKER_LOGIN: both GANTRY_BROKER_LOGIN and GANTRY_BROKER_LOGIN_FILE are set; keep one',
      'GANTRY_BROKER_PASSCODE: the file named by GANTRY_BROKER_PASSCODE_FILE cannot be read (ENOENT)',
    ]);
  });
});
