import { afterEach, describe, expect, it } from '@jest/globals';
import { armCrashPoint, crashPoint } from './crash-point.js';
import { ConfigError } from './owned-folder.js';

describe('crash points of the listener', () => {
  afterEach(() => {
    armCrashPoint({});
  });

  it('keep it from starting outside a test', () => {
    const env = { GANTRY_CRASH_AT: 'journaled/accepted' };
    expect(() => armCrashPoint(env)).toThrow(ConfigError);
    expect(() => armCrashPoint({ ...env, GANTRY_TEST: '1' })).not.toThrow();
  });

  it('are nothing where something else is armed', () => {
    armCrashPoint({ GANTRY_TEST: '1', GANTRY_CRASH_AT: 'journaled/accepted' });
    expect(() => crashPoint('journaled', 'started')).not.toThrow();
    expect(() => crashPoint('journaling', 'accepted')).not.toThrow();
  });
});
