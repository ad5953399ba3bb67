import { describe, expect, it } from '@jest/globals';
import { ApplicationName, EnvironmentName } from '@gantry/contracts';
import { approvalFor } from '@gantry/domain';
import { changed, expectRefused, GOOD } from './fleet-examples.suite.js';
import { parseFleetFile } from './fleet-file.js';

const shop = ApplicationName.parse('shop');
const [production, certification] = ['production', 'certification'].map((name) =>
  EnvironmentName.parse(name),
) as [EnvironmentName, EnvironmentName];
const DAY = 86_400_000;

const GROUPS = `groups:
  managers: [anna, bob]
  on-call: [carol]
`;
const WITH_APPROVALS =
  changed(
    '    confirmByName: true\n',
    '    confirmByName: true\n    approval: { quorum: 2, group: managers }\n',
  ) + GROUPS;

/** The fleet file with approvals, with one thing in it changed. */
function altered(from: string, to: string): string {
  expect(WITH_APPROVALS).toContain(from);
  return WITH_APPROVALS.replace(from, to);
}

function fleetOf(text: string) {
  const result = parseFleetFile(text, 'fleet.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.fleet;
}

describe('a fleet file with approvals', () => {
  it('says whose consent a plan needs, for the environment', () => {
    const fleet = fleetOf(WITH_APPROVALS);
    expect(approvalFor(fleet, production, shop)).toEqual({
      quorum: 2,
      group: 'managers',
      expiresAfterMs: DAY,
    });
    expect(approvalFor(fleet, certification, shop)).toBeUndefined();
  });

  it('is overruled by what it says for an application in it', () => {
    const own = altered(
      '        pools: [shop-production]\n',
      '        pools: [shop-production]\n        approval: { group: on-call, expiresAfterMs: 60000 }\n',
    );
    expect(approvalFor(fleetOf(own), production, shop)).toEqual({
      quorum: 1,
      group: 'on-call',
      expiresAfterMs: 60_000,
    });
  });

  it('one without is taken, and nothing is added to it', () => {
    const fleet = fleetOf(GOOD);
    expect(fleet).not.toHaveProperty('groups');
    expect(approvalFor(fleet, production, shop)).toBeUndefined();
  });

  it.each([
    [
      'a group nobody declared',
      altered('group: managers', 'group: manager'),
      'manager }',
      'environments.production.approval.group',
      /no group manager is declared: add it under groups \(declared: managers, on-call\)/,
    ],
    [
      'more approvals than the group has people',
      altered('quorum: 2', 'quorum: 3'),
      '3, group',
      'environments.production.approval.quorum',
      /3 approvals are wanted, but the group managers has only 2/,
    ],
    [
      'somebody twice in a group',
      altered('[anna, bob]', '[anna, anna, bob]'),
      'anna, bob]',
      'groups.managers[1]',
      /actor anna stands in this list twice/,
    ],
    [
      'a machine in a group',
      altered('[carol]', '[carol, ci]'),
      'ci]',
      'groups.on-call[1]',
      /ci is no person/,
    ],
    [
      'no approval at all by name of one',
      altered('quorum: 2', 'quorum: 0'),
      '0, group',
      'environments.production.approval.quorum',
      /at least 1/,
    ],
    [
      'a word nobody knows',
      altered('quorum: 2', 'quorom: 2'),
      'quorom: 2',
      'environments.production.approval.quorom',
      /is not known here/,
    ],
  ])('refuses %s', (_what, text, at, path, message) => {
    expectRefused(text, { at, path, says: message });
  });
});
