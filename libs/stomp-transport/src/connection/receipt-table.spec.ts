import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ReceiptTable } from './receipt-table.js';

describe('ReceiptTable', () => {
  const outcomes: string[] = [];
  const add = (table: ReceiptTable, name: string, timeoutMs = 1_000): string =>
    table.add(
      name,
      timeoutMs,
      () => outcomes.push(`${name} ok`),
      ({ message }) => outcomes.push(message),
    );

  beforeEach(() => {
    outcomes.length = 0;
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('settles each waiter once', () => {
    const table = new ReceiptTable();
    const id = add(table, 'a');
    table.confirm(id);
    table.confirm(id);
    table.confirm('999');
    table.failAll('over');
    expect(outcomes).toEqual(['a ok']);
  });

  it('rejects those that wait too long, and no others', () => {
    const table = new ReceiptTable();
    add(table, 'impatient', 100);
    const patient = add(table, 'patient', 10_000);
    jest.advanceTimersByTime(1_000);
    expect(outcomes).toEqual([expect.stringMatching(/^impatient got no RECEIPT in time/)]);
    table.confirm(patient);
    jest.advanceTimersByTime(60_000);
    expect(outcomes).toHaveLength(2);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects everybody when the connection ends', () => {
    const table = new ReceiptTable();
    add(table, 'a');
    add(table, 'b');
    table.failAll('socket closed');
    expect(outcomes).toEqual([
      expect.stringMatching(/^a was not confirmed: socket closed/),
      expect.stringMatching(/^b was not confirmed/),
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
