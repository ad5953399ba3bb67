import { describe, expect, it } from '@jest/globals';
import { parseFleetFile } from './fleet-file.js';
import { changed, expectRefused, GOOD, lineOf, problemsOf } from './fleet-examples.suite.js';

describe('H-067: hosts and pools are declared once and used as declared', () => {
  const membership = changed('      web3.example.net: srv3\n', '');
  it.each([
    [
      'a placed host that is no member of the pool',
      membership,
      '- web3.example.net',
      'environments.production.applications.shop.hosts[2]',
      /no member of pool shop-production: add it under/,
    ],
    [
      'a member whose host is not placed',
      changed('          - web3.example.net\n', ''),
      'web3.example.net: srv3',
      'pools.shop-production.members["web3.example.net"]',
      /in no placement that uses pool/,
    ],
    [
      'a pool nobody declared',
      changed('[shop-production]', '[shop-production, shop-live]'),
      'shop-live',
      'environments.production.applications.shop.pools[1]',
      /no pool shop-live is declared.*declared: shop-production/,
    ],
    [
      'a host twice in a placement',
      changed('          - web3', '          - web2.example.net\n          - web3'),
      '- web2.example.net\n          - web3',
      'environments.production.applications.shop.hosts[2]',
      /twice/,
    ],
    [
      'a pool twice in a placement',
      changed('[shop-production]', '[shop-production, shop-production]'),
      '[shop-production,',
      'environments.production.applications.shop.pools[1]',
      /twice/,
    ],
    [
      'an application in two environments on one host',
      changed('[cert1.example.net]', '[web1.example.net]'),
      '- web1.example.net',
      'environments.production.applications.shop.hosts[0]',
      /already runs shop in certification/,
    ],
    [
      'an application nobody declared',
      changed(
        '  production:',
        '  staging:\n    puppetServers: [puppet1.example.net]\n    applications:\n      shpo: { hosts: [s1], pools: [] }\n  production:',
      ),
      'shpo',
      'environments.staging.applications.shpo',
      /no application shpo.*declared: shop/,
    ],
    [
      'two hosts with the same member',
      changed('web3.example.net: srv3', 'web3.example.net: srv2'),
      'web3.example.net: srv2',
      'pools.shop-production.members["web3.example.net"]',
      /already stands for host web2/,
    ],
    [
      'an unknown Puppet server',
      changed('[puppet1.example.net]\n    confirm', '[puppet2.example.net]\n    confirm'),
      'puppet2',
      'environments.production.puppetServers[0]',
      /no puppet server puppet2.*puppet1/,
    ],
    [
      'a Puppet server twice',
      changed(
        '[puppet1.example.net]\n    confirm',
        '[puppet1.example.net, puppet1.example.net]\n    confirm',
      ),
      '[puppet1.example.net, ',
      'environments.production.puppetServers[1]',
      /twice/,
    ],
  ] as const)('%s', (_title, text, at, path, says) => expectRefused(text, { at, path, says }));

  it('H-067 a host twice in a pool, at its second line', () => {
    const text = changed(
      '      web3.example.net: srv3\n',
      '      web3.example.net: srv3\n      web3.example.net: srv4\n',
    );
    expectRefused(text, {
      at: 'web3.example.net: srv4',
      path: 'pools.shop-production.members["web3.example.net"]',
      says: /second time/,
    });
  });

  it('H-073: a pool that serves two environments, and one device pool under two names', () => {
    const shared = changed('pools: []', 'pools: [shop-production]').replace(
      '      web3',
      '      cert1.example.net: srv0\n      web3',
    );
    expect(problemsOf(shared)).toEqual([
      expect.objectContaining({
        path: 'environments.production.applications.shop.pools[0]',
        message: expect.stringMatching(/already serves certification/),
      }),
    ]);
    const twoNames = changed(
      'pools:\n',
      'pools:\n  other: { device: lb-1, backend: be_shop, members: { cert1.example.net: srv9 } }\n',
    ).replace('pools: []', 'pools: [other]');
    expectRefused(twoNames, {
      at: 'backend: be_shop\n',
      path: 'pools.shop-production.backend',
      says: /pool other already is be_shop on lb-1/,
    });
  });

  it('names that every JavaScript object knows are names like any other', () => {
    const text = changed('[shop-production]', '[constructor]').replace(
      '      shop:\n        hosts: [cert1',
      '      constructor:\n        hosts: [cert1',
    );
    expect(problemsOf(text).map(({ message }) => message)).toEqual([
      expect.stringMatching(/no application constructor/),
      expect.stringMatching(/no pool constructor/),
      expect.stringMatching(/pool shop-production is used by no application/),
    ]);
  });

  it('a pool that nobody uses', () => {
    const text = changed(
      'pools:\n',
      'pools:\n  spare: { device: lb-1, backend: be_spare, members: {} }\n',
    );
    expectRefused(text, { at: 'spare', path: 'pools.spare', says: /used by no application/ });
  });
});

describe('H-068: a minimum is never nothing by accident', () => {
  const path = 'applications.shop.strategy.absoluteMin';
  it.each([
    ['0', /write at least 1/],
    ['-1', /write at least 1/],
    ['1e9', /write at most 10000/],
    ['"50%"', /"50%" stands here: write a number/],
    ['0.5', /write a whole number/],
    ['.nan', /write/],
    ['.inf', /write/],
    ['', /nothing stands after "absoluteMin"/],
    ['[2]', /write a number/],
  ])('absoluteMin: %s is refused', (value, says) => {
    const [problem] = problemsOf(changed('absoluteMin: 2', `absoluteMin: ${value}`));
    expect(problem).toMatchObject({
      line: lineOf(GOOD, 'absoluteMin: 2'),
      path,
      message: expect.stringMatching(says),
    });
  });

  it('left out, it is 1', () => {
    const result = parseFleetFile(changed('      absoluteMin: 2\n', ''), 'fleet.yaml');
    expect(result.ok && Object.values(result.fleet.applications)[0]?.strategy.absoluteMin).toBe(1);
  });

  it('H-068 more than the pool has is refused, for the hosts and for the pool', () => {
    const problems = problemsOf(changed('absoluteMin: 2', 'absoluteMin: 4'));
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatchObject({
      line: lineOf(GOOD, 'absoluteMin: 2'),
      path,
      message: expect.stringMatching(/4 must stay in service but production has only 3 hosts/),
    });
    expect(problems[1]?.message).toMatch(/pool shop-production has only 3 members/);
  });

  it('more than an environment has is refused where the placement says it', () => {
    const text = changed('{ absoluteMin: 1 }', '{ absoluteMin: 2 }');
    expectRefused(text, {
      at: '{ absoluteMin: 2 }',
      path: 'environments.certification.applications.shop.strategy.absoluteMin',
      says: /certification has only 1 hosts/,
    });
  });

  it.each([
    ['maxOutOfService: 0', /write at least 1/],
    ['maxUnavailablePercent: 0.33', /write at least 1/],
    ['minPercent: 0.5', /less than one percent: write 50/],
    ['minPercent: 101', /write at most 100/],
    ['minPercent: 50%', /write a number/],
  ])('%s is refused', (line, says) => {
    const problems = problemsOf(changed('minPercent: 50', line));
    expect(problems).toEqual([
      expect.objectContaining({
        line: lineOf(GOOD, 'minPercent'),
        message: expect.stringMatching(says),
      }),
    ]);
  });

  it('percentages that leave no room are taken: the planner says so, with the figures of the day', () => {
    expect(problemsOf(changed('minPercent: 50', 'minPercent: 100'))).toEqual([]);
  });
});

describe('H-071: a package is named, never described', () => {
  it.each(['"*"', '".*"', '"(a+)+$"', '"shop;rm"', '""'])(
    '%s is refused as a package name',
    (name) => {
      expectRefused(changed('{ name: shop,', `{ name: ${name},`), {
        at: `{ name: ${name},`,
        path: 'applications.shop.packages[0].name',
        says: /an RPM package name/,
      });
    },
  );
});

describe('H-072: names that look alike cannot both exist', () => {
  it.each([
    ['a Cyrillic letter', 'ѕhop', /lower-case letters/],
    ['a trailing space', '"shop "', /lower-case letters/],
    ['a zero-width space', '"sh\\u200bop"', /lower-case letters/],
    ['a capital letter: no two names differ in case only', 'Shop', /lower-case letters/],
    ['nothing', '""', /lower-case letters/],
  ])('%s', (_title, name, says) => {
    const text = changed('applications:\n  shop:', `applications:\n  ${name}:`);
    expect(problemsOf(text)).toContainEqual(
      expect.objectContaining({ line: 4, message: expect.stringMatching(says) }),
    );
  });

  it('a host in capitals is refused: Puppet knows it in lower case only', () => {
    const text = changed('- web1.example.net', '- Web1.example.net');
    expectRefused(text, {
      at: '- Web1',
      path: 'environments.production.applications.shop.hosts[0]',
      says: /lower-case certname/,
    });
  });
});
