import { describe, expect, it } from '@jest/globals';
import { PRINCIPALS } from '@gantry/lab';
import { readFileSync } from 'node:fs';
import { groupAccounts, PASSCODE_VARIABLES } from './group-accounts.js';

const accounts = groupAccounts({ services: 's', hosts: 'h', ops: 'o' });

describe("the deployed broker's accounts", () => {
  it('gives every principal the account of its group', () => {
    expect(accounts('orchestrator')).toEqual({ login: 'services', passcode: 's' });
    expect(accounts('host')).toEqual({ login: 'hosts', passcode: 'h' });
    expect(accounts('ops')).toEqual({ login: 'ops', passcode: 'o' });
    expect(Object.keys(PRINCIPALS).map((name) => accounts(name).login)).not.toContain(undefined);
  });

  it.each(['nobody', 'services', 'toString'])('has none for %s', (principal) => {
    expect(() => accounts(principal)).toThrow(/No broker account.*known are orchestrator/);
  });

  it('is what deploy/activemq/activemq.xml says', () => {
    const file = new URL('../../../../deploy/activemq/activemq.xml', import.meta.url);
    const users = readFileSync(file, 'utf8').matchAll(
      /<authenticationUser username="(\w+)" password="\$\{(\w+)\}" groups="(\w+)"/g,
    );
    const found = [...users].map(([, name, variable, group]) => [name, variable, group]);
    expect(found).toEqual(
      Object.entries(PASSCODE_VARIABLES).map(([group, variable]) => [group, variable, group]),
    );
  });
});
