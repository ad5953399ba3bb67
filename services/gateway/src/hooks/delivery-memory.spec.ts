import { describe, expect, it } from '@jest/globals';
import { DeliveryMemory } from './delivery-memory.js';

describe('the memory of deliveries', () => {
  it('H-023 knows a delivery by any of its keys, until it is given back', () => {
    const memory = new DeliveryMemory();
    expect(memory.take(['id 1', 'signature 1'])).toBe(true);
    expect(memory.take(['id 2', 'signature 1'])).toBe(false);
    expect(memory.take(['id 2'])).toBe(true);
    memory.giveBack(['id 1', 'signature 1']);
    expect(memory.take(['id 1'])).toBe(true);
  });

  it('H-023 stays small, and forgets the oldest first', () => {
    const memory = new DeliveryMemory();
    for (let at = 0; at <= 20_000; at += 1) expect(memory.take([`id ${at}`])).toBe(true);
    expect(memory.take(['id 20000'])).toBe(false);
    expect(memory.take(['id 1'])).toBe(false);
    expect(memory.take(['id 0'])).toBe(true);
  });
});
