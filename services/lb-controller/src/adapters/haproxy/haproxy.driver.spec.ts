import { describe, expect, it } from '@jest/globals';
import type { DeviceName } from '@gantry/contracts';
import { HaproxyDriver } from './haproxy.driver.js';

const timing = { pollMs: 1, checkWindowMs: 1, reloadGraceMs: 0 };

function driver(answer: string) {
  const said: string[] = [];
  const ask = (command: string) => {
    said.push(command);
    return Promise.resolve(answer);
  };
  return { said, driver: new HaproxyDriver('lb1' as DeviceName, timing, { ask }) };
}

describe('the HAProxy driver', () => {
  it.each([
    ['in', 'ready'],
    ['drain', 'drain'],
    ['off', 'maint'],
  ] as const)('says %s as "%s"', async (want, word) => {
    const haproxy = driver('\n');
    await haproxy.driver.setAdmin('web', 'web1', want);
    expect(haproxy.said).toEqual([`set server web/web1 state ${word}`]);
  });

  it.each([
    ['No such server.\n\n', 'lb.not-found'],
    ['No such backend.\n\n', 'lb.not-found'],
    ['Permission denied\n\n', 'lb.rejected'],
    ['Unknown command, but maybe one of these\n\n', 'lb.rejected'],
  ])('takes the answer %j for what it is', async (answer, code) => {
    await expect(driver(answer).driver.setAdmin('web', 'web1', 'in')).rejects.toMatchObject({
      code,
    });
  });

  it.each(['web1;shutdown sessions server web/web2', 'web1 state ready', 'web1\nquit', '', 'ü'])(
    'never says a name that could be a command: %j',
    async (name) => {
      const haproxy = driver('\n');
      await expect(haproxy.driver.setAdmin('web', name, 'off')).rejects.toMatchObject({
        code: 'lb.not-found',
      });
      await expect(haproxy.driver.readPool(name)).rejects.toMatchObject({ code: 'lb.not-found' });
      expect(haproxy.said).toEqual([]);
    },
  );
});
