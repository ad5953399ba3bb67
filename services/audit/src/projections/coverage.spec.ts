import { describe, expect, it } from '@jest/globals';
import { MESSAGES } from '@gantry/contracts';
import { NOT_PROJECTED, PROJECTIONS } from './all-projections.js';
import { isLogged } from './log-event.js';

const logged = MESSAGES.map(({ type }) => type).filter(isLogged);
const taken = new Set(PROJECTIONS.flatMap(({ types }) => [...types]));

describe('the projections', () => {
  it.each(logged)('take %s, or it is written down that they do not', (type) => {
    expect(taken.has(type)).toBe(!NOT_PROJECTED.has(type));
  });

  it('name no type that cannot be in the log', () => {
    expect([...taken, ...NOT_PROJECTED].filter((type) => !isLogged(type))).toEqual([]);
  });
});
