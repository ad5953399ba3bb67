import { describe, expect, it } from '@jest/globals';
import { HealthChecks } from './health-checks.js';

describe('HealthChecks', () => {
  it('is ready when every check holds', async () => {
    const checks = new HealthChecks();
    checks.add('broker', () => undefined);
    checks.add('log', () => Promise.resolve(undefined));
    expect(await checks.read()).toEqual({ ready: true, checks: { broker: 'ok', log: 'ok' } });
  });

  it('says why it is not, also for a check that throws', async () => {
    const checks = new HealthChecks();
    checks.add('broker', () => 'not connected for consuming');
    checks.add('database', () => Promise.reject(new Error('ECONNREFUSED')));
    checks.add('log', () => undefined);
    expect(await checks.read()).toEqual({
      ready: false,
      checks: { broker: 'not connected for consuming', database: 'ECONNREFUSED', log: 'ok' },
    });
  });
});
