import { describe, expect, it } from '@jest/globals';
import { Fleet } from '@gantry/contracts';
import fc from 'fast-check';
import { parseFleetFile } from './fleet-file.js';
import { GOOD } from './fleet-examples.suite.js';

const LINES = GOOD.split('\n');

/** What slips happen to whoever edits the file, and what somebody hostile puts in. */
const PIECES = [
  ...['\t', '  ', ':', '- ', '{', '[', '}', '"', "'", '&a ', '*a', '!!js/function ', '<<: *a', '#'],
  ...[
    '0',
    '-1',
    '1e9',
    '.inf',
    'null',
    '~',
    'true',
    '2026-01-01',
    '0x1F',
    '\u0000',
    '\ud800',
    '🙂',
  ],
  ...['constructor', '__proto__', 'web1.example.net', 'shop-production', '\u0430pplications:'],
];
const edit = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), line: fc.nat(LINES.length - 1) }),
  fc.record({ kind: fc.constant('repeat' as const), line: fc.nat(LINES.length - 1) }),
  fc.record({ kind: fc.constant('swap' as const), line: fc.nat(LINES.length - 2) }),
  fc.record({
    kind: fc.constant('put' as const),
    line: fc.nat(LINES.length - 1),
    at: fc.nat(60),
    text: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 20 })),
  }),
  fc.record({ kind: fc.constant('cut' as const), line: fc.nat(LINES.length - 1), at: fc.nat(60) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

function edited(lines: readonly string[], step: Edit): readonly string[] {
  const { line } = step;
  const old = lines[line] ?? '';
  switch (step.kind) {
    case 'drop':
      return lines.toSpliced(line, 1);
    case 'repeat':
      return lines.toSpliced(line, 0, old);
    case 'swap':
      return lines.toSpliced(line, 2, lines[line + 1] ?? '', old);
    case 'put':
      return lines.with(
        Math.min(line, lines.length - 1),
        old.slice(0, step.at) + step.text + old.slice(step.at),
      );
    case 'cut':
      return [...lines.slice(0, line), old.slice(0, step.at)];
  }
}

describe('a fleet file that somebody has spoilt', () => {
  it('H-065 is taken whole or refused with places, whatever was done to it; reading it changes nothing', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        const text = edits.reduce<readonly string[]>(edited, LINES).join('\n');
        const file = parseFleetFile(text, 'fleet.yaml');
        expect(parseFleetFile(text, 'fleet.yaml')).toEqual(file);
        expect(Object.getOwnPropertyNames(Object.prototype)).toContain('toString');
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
        if (file.ok) {
          expect(Fleet.safeParse(file.fleet).success).toBe(true);
          return;
        }
        expect(file.problems.length).toBeGreaterThan(0);
        expect(file.problems.length).toBeLessThanOrEqual(100);
        for (const { line, column, message } of file.problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(text.split('\n').length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 400 },
    );
  });

  it('any text at all is read to an end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        expect(parseFleetFile(text, 'fleet.yaml').ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
