import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Evr } from '@gantry/contracts';
import fc from 'fast-check';
import { compareEvr } from './compare-evr.js';
import { rpmvercmp } from './rpmvercmp.js';

const RPM = '/usr/bin/rpm';
const PAIRS = 3_000;
const piece = fc.constantFrom(
  '0',
  '00',
  '1',
  '2',
  '02',
  '10',
  '99',
  'a',
  'b',
  'A',
  'rc',
  'git',
  'el',
  '.',
  '_',
  '+',
  '~',
  '^',
);
const version = fc.array(piece, { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join(''));
const evr = fc
  .tuple(fc.constantFrom('', '', '1:', '2:', '10:'), version, version)
  .map(([epoch, v, r]) => `${epoch}${v}-${r}`);

/** Pairs that often share a beginning: two independent texts almost always differ in their first segment. */
const related = (text: fc.Arbitrary<string>, tail: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.tuple(text, text),
    fc.tuple(text, tail, tail).map(([head, a, b]): [string, string] => [head + a, head + b]),
    fc.tuple(text, tail).map(([head, a]): [string, string] => [head, head + a]),
  );

/** Every pair compared by one rpm process, through its own Lua interpreter. The macro parser must not see the texts: they come from a file. */
function askRpm(pairs: readonly (readonly [string, string])[]): number[] {
  const dir = mkdtempSync(join(tmpdir(), 'gantry-rpm-'));
  try {
    const file = join(dir, 'pairs');
    writeFileSync(file, pairs.map(([a, b]) => `${a} ${b}\n`).join(''));
    const script = `for l in io.lines("${file}") do local a, b = l:match("^(%S+) (%S+)$"); print(rpm.vercmp(a, b) .. ";") end`;
    const out = execFileSync(RPM, ['--eval', `%{lua: ${script}}`], {
      encoding: 'utf8',
    });
    // rpm's print ends no line.
    return out.trim().split(';').slice(0, -1).map(Number);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const sample = (pair: fc.Arbitrary<[string, string]>): [string, string][] => fc.sample(pair, PAIRS);
const written = (
  pairs: readonly (readonly [string, string])[],
  orders: readonly number[],
): string[] => pairs.map(([a, b], index) => `${a} ${String(orders[index])} ${b}`);

describe('against the real rpm', () => {
  it(`orders ${PAIRS} pairs of epoch:version-release as rpm does`, () => {
    const pairs = sample(related(evr, version));
    const ours = pairs.map(([a, b]) => compareEvr(Evr.parse(a), Evr.parse(b)));
    expect(written(pairs, ours)).toEqual(written(pairs, askRpm(pairs)));
    // The sample must be able to fail: all three answers have to be in it, often.
    for (const order of [-1, 0, 1])
      expect(ours.filter((o) => o === order).length).toBeGreaterThan(10);
  });

  it(`orders ${PAIRS} pairs of bare versions as rpm does`, () => {
    const pairs = sample(related(version, version));
    const ours = pairs.map(([a, b]) => rpmvercmp(a, b));
    expect(written(pairs, ours)).toEqual(written(pairs, askRpm(pairs)));
  });
});
