import { expect } from '@jest/globals';
import type { FleetProblem } from '@gantry/contracts';
import { parseFleetFile } from './fleet-file.js';

/** A fleet file that is taken as it stands: specs change one thing in it. */
export const GOOD = `# The fleet of example.net
version: 1
applications:
  shop:
    packages:
      - { name: shop, hieraKey: 'profile::shop::version' }
    health:
      url: http://127.0.0.1:8080/health
      expectBody: '{evr}'
    strategy:
      absoluteMin: 2
      minPercent: 50
pools:
  shop-production:
    device: lb-1
    backend: be_shop
    members:
      web1.example.net: srv1
      web2.example.net: srv2
      web3.example.net: srv3
puppetServers:
  puppet1.example.net: { maxConcurrentRuns: 10 }
environments:
  certification:
    puppetServers: [puppet1.example.net]
    applications:
      shop:
        hosts: [cert1.example.net]
        pools: []
        strategy: { absoluteMin: 1 }
  production:
    puppetServers: [puppet1.example.net]
    confirmByName: true
    applications:
      shop:
        hosts:
          - web1.example.net
          - web2.example.net
          - web3.example.net
        pools: [shop-production]
`;

/** The good file with one thing changed; a change that finds nothing to change is a mistake of the spec. */
export function changed(from: string, to: string): string {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
}

/** What is wrong with a text: nothing where it is taken. */
export function problemsOf(text: string): FleetProblem[] {
  const result = parseFleetFile(text, 'fleet.yaml');
  return result.ok ? [] : result.problems;
}

/** The line of the first place where a text stands in another. */
export const lineOf = (text: string, part: string): number =>
  text.slice(0, text.indexOf(part)).split('\n').length;

/** Refused for one reason only, at the place where `at` stands, for a reason people understand. */
export function expectRefused(
  text: string,
  expected: { at: string; path: string; says: RegExp },
): void {
  const problems = problemsOf(text);
  expect(problems).toEqual([
    {
      line: lineOf(text, expected.at),
      column: expect.any(Number),
      path: expected.path,
      message: expect.stringMatching(expected.says),
    },
  ]);
}
