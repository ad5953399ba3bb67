import { describe, expect, it } from '@jest/globals';
import { FleetAdopted, FleetRejected } from '@gantry/contracts';
import fc from 'fast-check';
import { changed, GOOD, lineOf, problemsOf } from './fleet-examples.suite.js';
import { parseFleetFile } from './fleet-file.js';

describe('a good fleet file', () => {
  it('is taken, with every default filled in', () => {
    const result = parseFleetFile(GOOD, 'fleet.yaml');
    expect(result.ok && result.fleet.applications).toMatchObject({
      shop: {
        health: { goodInRow: 3 },
        strategy: { absoluteMin: 2, maxOutOfService: 1, canary: { hosts: 1 } },
      },
    });
  });

  it('is known by the hash of its bytes, and fits the event that adopts it', () => {
    const result = parseFleetFile(GOOD, 'fleet.yaml');
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(parseFleetFile(`${GOOD} `, 'fleet.yaml').sha256).not.toBe(result.sha256);
    expect(() =>
      FleetAdopted.strict.parse({ sha256: result.sha256, fleet: result.fleet }),
    ).not.toThrow();
  });
});

describe('H-065: what is not plain YAML is refused whole', () => {
  it.each([
    ['broken syntax', changed('members:', 'members: ]'), 'members: ]', /not YAML/],
    [
      'a tab for indentation',
      changed('    device: lb-1', '\tdevice: lb-1'),
      '\tdevice',
      /tab.*spaces/,
    ],
    ['a second document', `${GOOD}---\nversion: 1\n`, '---', /one document/],
    [
      'an anchor',
      changed('[cert1.example.net]', '&a [cert1.example.net]'),
      '&a',
      /anchors.*write the value out/,
    ],
    ['an alias', changed('pools: []', 'pools: *a'), '*a', /aliases.*write the value out/],
    [
      'a JavaScript function',
      changed('lb-1', '!!js/function "function () {}"'),
      '!!js',
      /tags.*plain value/,
    ],
    ['a Ruby object', changed('lb-1', '!ruby/object:Gem::Installer x'), '!ruby', /tags/],
    ['an explicit standard tag', changed('version: 1', 'version: !!int "1"'), '!!int', /tags/],
    ['a directive', `%YAML 1.1\n---\n${GOOD}`, '%YAML', /directives.*remove/],
  ] as const)('%s', (_title, text, at, says) => {
    const [first] = problemsOf(text);
    expect(first).toEqual({
      line: lineOf(text, at),
      column: expect.any(Number),
      path: '',
      message: expect.stringMatching(says),
    });
    expect(first?.message).toMatch(/^fleet\.yaml: /);
  });

  it('a key that stands twice, at the second of them', () => {
    const text = changed('  shop-production:\n', '  shop-production: {}\n  shop-production:\n');
    const [problem] = problemsOf(text);
    expect(problem).toMatchObject({
      line: lineOf(text, '  shop-production:\n'),
      path: 'pools.shop-production',
      message: expect.stringMatching(/second time/),
    });
  });

  it.each([
    ['a list as a key', '? [a, b]\n: 1\n', /plain names/],
    ['a key that JavaScript takes for its own', '__proto__: { version: 1 }\n', /cannot be used/],
    ['nothing', '', /empty/],
    ['only a comment', '# later\n', /empty/],
    ['a single value', 'version\n', /mapping/],
    ['a list', '- version: 1\n', /mapping/],
  ])('%s', (_title, text, says) => {
    expect(problemsOf(text)[0]?.message).toMatch(says);
  });

  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map(
      (k, i) =>
        `${k}: &${k} [${Array(9)
          .fill(`*${'abcdefgh'[i] ?? ''}`)
          .join(',')}]`,
    ),
  ].join('\n');
  it.each([
    ['a billion laughs', bomb],
    ['100 MB of text', 'x'.repeat(100_000_000)],
    ['2.5 million open brackets', '['.repeat(2_500_000)],
    ['5 MB of one value', `a: "${'x'.repeat(4_900_000)}"`],
    ['5 MB of a block of text', `a: |\n${' b\n'.repeat(1_600_000)}`],
    ['a million list entries', '- a\n'.repeat(1_200_000)],
    ['a hundred thousand lists in lists', '- '.repeat(100_000)],
    [
      'two thousand levels of indentation',
      Array.from({ length: 2_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    ],
    ['a million documents', '---\n'.repeat(1_000_000)],
    [
      'binary',
      String.fromCharCode(...Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 65_536)),
    ],
  ])('%s is refused without being built', (_title, text) => {
    const result = parseFleetFile(text, 'fleet.yaml');
    expect(result.ok).toBe(false);
    if (!result.ok)
      expect(() =>
        FleetRejected.strict.parse({ sha256: result.sha256, problems: result.problems }),
      ).not.toThrow();
  });
});

describe('the report', () => {
  it('names every problem, not only the first', () => {
    const text = changed('version: 1', 'version: 2')
      .replace('lb-1', 'LB 1')
      .replace('confirmByName: true', 'confirmByName: yes please');
    expect(
      problemsOf(text)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['environments.production.confirmByName', 'pools.shop-production.device', 'version']);
  });

  it('points at a misspelt key, and at the parent of a missing one', () => {
    const text = changed('    health:', '    helth:');
    expect(problemsOf(text)).toEqual([
      {
        line: lineOf(text, 'shop:'),
        column: 3,
        path: 'applications.shop.health',
        message: expect.stringMatching(/"health" is missing/),
      },
      {
        line: lineOf(text, 'helth'),
        column: 5,
        path: 'applications.shop.helth',
        message: expect.stringMatching(/not known here/),
      },
    ]);
  });

  it('stays within what an event may hold, and says that there is more', () => {
    const hosts = Array.from({ length: 300 }, (_, i) => `          - ${'x'.repeat(300)}${i}`).join(
      '\n',
    );
    const result = parseFleetFile(changed('          - web1.example.net', hosts), 'fleet.yaml');
    if (result.ok) throw new Error('taken');
    expect(result.problems).toHaveLength(100);
    expect(result.problems.at(-1)?.message).toMatch(/more problems/);
    expect(() =>
      FleetRejected.strict.parse({ sha256: result.sha256, problems: result.problems }),
    ).not.toThrow();
  });
});

describe('any text', () => {
  const noise = fc.string({ unit: 'binary', maxLength: 12 });
  const spice = fc.constantFrom(
    '\t',
    '[',
    '{',
    '&a ',
    '*a',
    '!!x ',
    ': ',
    '- ',
    '\n',
    '? ',
    '|',
    '"',
    "'",
    '#',
    '---\n',
    '__proto__: ',
    '<<: ',
    '\u0000',
    '﻿',
  );
  const mutated = fc
    .array(fc.tuple(fc.nat(GOOD.length), fc.nat(20), fc.oneof(noise, spice)), {
      minLength: 1,
      maxLength: 8,
    })
    .map((edits) =>
      edits.reduce(
        (text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length),
        GOOD,
      ),
    );

  it.each([
    ['random', fc.string({ unit: 'binary', maxLength: 2_000 })],
    ['random YAML marks', fc.array(spice, { maxLength: 300 }).map((parts) => parts.join(''))],
    ['the good file, damaged', mutated],
  ])('%s: is taken or refused with reasons, and never throws', (_title, text) => {
    fc.assert(
      fc.property(text, (source) => {
        const result = parseFleetFile(source, 'fleet.yaml');
        const { sha256 } = result;
        const event = result.ok
          ? FleetAdopted.strict.safeParse({ sha256, fleet: result.fleet })
          : FleetRejected.strict.safeParse({ sha256, problems: result.problems });
        expect(event.error).toBeUndefined();
      }),
      { numRuns: 250, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    );
  });
});
