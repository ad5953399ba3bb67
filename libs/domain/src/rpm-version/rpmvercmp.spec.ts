import { describe, expect, it } from '@jest/globals';
import { rpmvercmp } from './rpmvercmp.js';

/** One pair a line, with the order rpm itself gives. The last block holds what looks wrong and is rpm's way nevertheless. */
const PAIRS = `
  1.0 = 1.0
  1.0 < 2.0
  2.0 > 1.0
  2.0.1 = 2.0.1
  2.0 < 2.0.1
  2.0.1 > 2.0
  2.0.1a = 2.0.1a
  2.0.1a > 2.0.1
  2.0.1 < 2.0.1a
  5.5p1 = 5.5p1
  5.5p1 < 5.5p2
  5.5p2 > 5.5p1
  5.5p10 = 5.5p10
  5.5p1 < 5.5p10
  5.5p10 > 5.5p1
  10xyz < 10.1xyz
  10.1xyz > 10xyz
  xyz10 = xyz10
  xyz10 < xyz10.1
  xyz10.1 > xyz10
  xyz.4 = xyz.4
  xyz.4 < 8
  8 > xyz.4
  xyz.4 < 2
  2 > xyz.4
  5.5p2 < 5.6p1
  5.6p1 > 5.5p2
  5.6p1 < 6.5p1
  6.5p1 > 5.6p1
  6.0.rc1 > 6.0
  6.0 < 6.0.rc1
  10b2 > 10a1
  10a2 < 10b2
  1.0aa = 1.0aa
  1.0a < 1.0aa
  1.0aa > 1.0a
  10.0001 = 10.0001
  10.0001 = 10.1
  10.1 = 10.0001
  10.0001 < 10.0039
  10.0039 > 10.0001
  4.999.9 < 5.0
  5.0 > 4.999.9
  20101121 = 20101121
  20101121 < 20101122
  20101122 > 20101121
  2_0 = 2_0
  2.0 = 2_0
  2_0 = 2.0
  a = a
  a+ = a+
  a+ = a_
  a_ = a+
  +a = +a
  +a = _a
  _a = +a
  +_ = +_
  _+ = +_
  _+ = _+
  + = _
  _ = +
  1.0~rc1 = 1.0~rc1
  1.0~rc1 < 1.0
  1.0 > 1.0~rc1
  1.0~rc1 < 1.0~rc2
  1.0~rc2 > 1.0~rc1
  1.0~rc1~git123 = 1.0~rc1~git123
  1.0~rc1~git123 < 1.0~rc1
  1.0~rc1 > 1.0~rc1~git123
  1.0^ = 1.0^
  1.0^ > 1.0
  1.0 < 1.0^
  1.0^git1 = 1.0^git1
  1.0^git1 > 1.0
  1.0 < 1.0^git1
  1.0^git1 < 1.0^git2
  1.0^git2 > 1.0^git1
  1.0^git1 < 1.01
  1.01 > 1.0^git1
  1.0^20160101 = 1.0^20160101
  1.0^20160101 < 1.0.1
  1.0.1 > 1.0^20160101
  1.0^20160101^git1 = 1.0^20160101^git1
  1.0^20160102 > 1.0^20160101^git1
  1.0^20160101^git1 < 1.0^20160102
  1.0~rc1^git1 = 1.0~rc1^git1
  1.0~rc1^git1 > 1.0~rc1
  1.0~rc1 < 1.0~rc1^git1
  1.0^git1~pre = 1.0^git1~pre
  1.0^git1 > 1.0^git1~pre
  1.0^git1~pre < 1.0^git1
  1b.fc17 = 1b.fc17
  1b.fc17 < 1.fc17
  1.fc17 > 1b.fc17
  1g.fc17 = 1g.fc17
  1g.fc17 > 1.fc17
  1.fc17 < 1g.fc17
  1.1.α = 1.1.α
  1.1.α = 1.1.β
  1.1.β = 1.1.α
  1.1.αα = 1.1.α
  1.1.α = 1.1.ββ
  1.1.ββ = 1.1.αα
`;

const ORDERS: Readonly<Record<string, -1 | 0 | 1>> = { '<': -1, '=': 0, '>': 1 };
const cases = PAIRS.trim()
  .split('\n')
  .map((line) => line.trim().split(' ') as [string, string, string]);

describe('rpmvercmp', () => {
  it.each(cases)('%s %s %s', (left, order, right) => {
    expect(rpmvercmp(left, right)).toBe(ORDERS[order]);
  });

  it.each([
    ['ignores leading zeros of a number', '1.010', '1.10', 0],
    ['takes a zero for a segment of its own', '1.0', '1', 1],
    [
      'compares numbers too long for a number type',
      '20240101000000000001',
      '20240101000000000002',
      -1,
    ],
    ['puts digits above letters at the same place', '1.a', '1.1', -1],
    ['compares letters by their code: capitals first', '1.B', '1.a', -1],
    ['treats any run of other characters as one separator', '1.-_.0', '1.0', 0],
    ['lets separators at the end count for nothing', '1.0...', '1.0', 0],
    ['puts a tilde below the end even after a separator', '1.0.~', '1.0', -1],
    ['puts a caret above the end and a tilde below it', '1.0^', '1.0~', 1],
    ['takes two tildes for older than one', '1~~a', '1~a', -1],
    ['takes nothing for older than anything', '', '0', -1],
  ] as const)('%s', (_title, left, right, order) => {
    expect(rpmvercmp(left, right)).toBe(order);
    expect(rpmvercmp(right, left)).toBe(order === 0 ? 0 : -order);
  });
});
