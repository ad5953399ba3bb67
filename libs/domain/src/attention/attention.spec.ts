import { describe, expect, it } from '@jest/globals';
import { attentionMatters, evolveAttention, type AttentionFact } from '../index.js';

const at = '2026-01-01T00:00:00.000Z';
const opened: AttentionFact = {
  type: 'attention.opened',
  at,
  data: { key: 'k', kind: 'host-out-of-service', title: 't', detail: 'd', todo: 'x' },
};
const closed: AttentionFact = { type: 'attention.closed', at, data: { key: 'k', because: 'b' } };

describe('an attention item', () => {
  it('is opened and closed any number of times, and is one item each time', () => {
    const facts = [opened, opened, closed, closed, opened];
    let state = evolveAttention('closed', closed);
    const mattered = facts.map((fact) => {
      const matters = attentionMatters(state, fact);
      state = evolveAttention(state, fact);
      return matters;
    });
    expect(mattered).toEqual([true, false, true, false, true]);
    expect(state).toBe('open');
  });
});
