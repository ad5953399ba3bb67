import { describe, expect, it } from '@jest/globals';
import { afterSet, shortageWithout } from './capacity.policy.js';
import { seenPlace } from '../../test/seen-place.fixture.js';

const shown = { in: 'in', drained: 'drain', off: 'off', down: 'in/down' } as const;
const { drained, down, off } = shown;
const three = { web1: shown.in, web2: shown.in, web3: shown.in };

describe('the capacity guard', () => {
  it.each([
    ['three in service, two needed', { ...three }, 2, true],
    ['three in service, three needed', { ...three }, 3, false],
    ['one is down already', { ...three, web3: down }, 2, false],
    ['one is out already', { ...three, web2: off }, 2, false],
    ['the only one', { web1: shown.in }, 1, false],
    ['the only one, none needed', { web1: shown.in }, 0, true],
    ['this host is out already', { ...three, web1: drained, web3: off }, 2, true],
    ['this host is down, so nothing is lost', { ...three, web1: down, web2: down }, 2, true],
  ])('%s', (_name, members, minInService, allowed) => {
    const shortage = shortageWithout([seenPlace('web1', members, { minInService })]);
    expect(shortage === undefined).toBe(allowed);
  });

  it('needs room in all pools at once', () => {
    const wide = seenPlace('web1', three, { minInService: 2, pool: 'web' });
    const narrow = seenPlace('web1', { web1: 'in', web2: 'in' }, { minInService: 2, pool: 'api' });
    expect(shortageWithout([wide, narrow])).toEqual({ pool: 'api', left: 1, minimum: 2 });
  });
});

describe('the look after the drain was set', () => {
  const before = [seenPlace('web1', three, { minInService: 2 })];
  const after = (members: Parameters<typeof seenPlace>[1], patient = true) =>
    afterSet(before, [seenPlace('web1', members, { minInService: 2 })], patient).verdict;

  it('keeps what leaves enough', () => {
    expect(after({ ...three, web1: drained })).toBe('keep');
  });

  it('gives way when a member died meanwhile', () => {
    expect(after({ web1: drained, web2: shown.in, web3: down })).toBe('undo');
  });

  it('lets the alphabetically first of two rivals wait for the other to give way, but not for ever', () => {
    const crossed = { web1: drained, web2: drained, web3: shown.in } as const;
    expect(after(crossed)).toBe('wait');
    expect(after(crossed, false)).toBe('undo');
    const other = [seenPlace('web2', three, { minInService: 2 })];
    const seen = [seenPlace('web2', crossed, { minInService: 2 })];
    expect(afterSet(other, seen, true).verdict).toBe('undo');
  });

  it('does not mind when the host was out before: it took nothing', () => {
    const out = [seenPlace('web1', { ...three, web1: drained }, { minInService: 3 })];
    expect(afterSet(out, out, true).verdict).toBe('keep');
  });
});
