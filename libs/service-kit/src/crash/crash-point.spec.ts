import { afterEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { armCrashPoint, armedCrashOf, crashPoint } from './crash-point.js';

const MODULE = fileURLToPath(new URL('../../dist/crash/crash-point.js', import.meta.url));

describe('crash points', () => {
  afterEach(() => {
    armCrashPoint({});
  });

  it('are read as a name and how many times it is passed', () => {
    expect(armedCrashOf({})).toBeUndefined();
    const env = { GANTRY_TEST: '1' };
    expect(armedCrashOf({ ...env, GANTRY_CRASH_AT: 'published/lb.drained' })).toEqual({
      name: 'published/lb.drained',
      nth: 1,
    });
    expect(armedCrashOf({ ...env, GANTRY_CRASH_AT: 'handled/lb.drained:3' })?.nth).toBe(3);
  });

  it.each([
    ['outside a test', { GANTRY_CRASH_AT: 'handled/lb.drained' }],
    ['with another value', { GANTRY_CRASH_AT: 'handled/lb.drained', GANTRY_TEST: 'yes' }],
    ['with nonsense', { GANTRY_CRASH_AT: 'handled lb', GANTRY_TEST: '1' }],
    ['at the zeroth time', { GANTRY_CRASH_AT: 'handled/lb.drained:0', GANTRY_TEST: '1' }],
  ])('keep a process from starting %s', (_, env) => {
    expect(() => armedCrashOf(env)).toThrow(/GANTRY_CRASH_AT is set/);
  });

  it('are nothing where nothing is armed, or something else is', () => {
    crashPoint('handled', 'lb.drained');
    armCrashPoint({ GANTRY_TEST: '1', GANTRY_CRASH_AT: 'handled/lb.enabled' });
    crashPoint('handled', 'lb.drained');
    crashPoint('published', 'lb.enabled');
    expect(armedCrashOf({})).toBeUndefined();
  });

  it('end the process as kill -9 does, at the time that was asked for', () => {
    const program = `
      const { armCrashPoint, crashPoint } = await import(${JSON.stringify(MODULE)});
      armCrashPoint();
      for (let n = 1; n <= 3; n++) { console.log(n); crashPoint('handled', 'lb.drained'); }`;
    const { signal, stdout } = spawnSync('node', ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        GANTRY_TEST: '1',
        GANTRY_CRASH_AT: 'handled/lb.drained:2',
      },
    });
    expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: '1\n2\n' });
  });
});
