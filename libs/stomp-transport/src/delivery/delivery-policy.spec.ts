import { RpcException } from '@nestjs/microservices';
import { describe, expect, it } from '@jest/globals';
import { deliveryPolicy } from './delivery-policy.js';

const always = (random: number) => () => random;
const policy = deliveryPolicy(
  { maxAttempts: 4, maxUnknownAttempts: 2, minMs: 100, maxMs: 1_000 },
  always(1),
);
const fault = (kind: string) => ({ kind, code: `test.${kind}`, message: `it is ${kind}` });

describe('the default delivery policy', () => {
  it.each(['unavailable', 'conflict'])('retries %s with doubling pauses, then parks', (kind) => {
    const decisions = [1, 2, 3, 4].map((attempt) => policy(fault(kind), attempt));
    expect(decisions).toEqual([
      { action: 'retry', afterMs: 100 },
      { action: 'retry', afterMs: 200 },
      { action: 'retry', afterMs: 400 },
      { action: 'park', code: `test.${kind}`, reason: `it is ${kind}` },
    ]);
  });

  it.each(['invalid', 'not-found', 'rejected', 'bug', 'config'])('parks %s at once', (kind) => {
    expect(policy(fault(kind), 1)).toEqual({
      action: 'park',
      code: `test.${kind}`,
      reason: `it is ${kind}`,
    });
  });

  it('stops the queue on corruption', () => {
    expect(policy(fault('corrupt'), 1)).toEqual({ action: 'stop', reason: 'it is corrupt' });
  });

  it.each([
    ['an error without a kind', new Error('odd'), 'unknown', 'odd'],
    ['a kind it does not know', fault('lunar'), 'test.lunar', 'it is lunar'],
    ['a kind that is a member of Object', fault('toString'), 'test.toString', 'it is toString'],
    ['a thrown string', 'just text', 'unknown', 'just text'],
    ['nothing at all', undefined, 'unknown', 'unknown error'],
  ])('tries %s a few times, then parks it', (_what, error, code, reason) => {
    expect(policy(error, 1)).toEqual({ action: 'retry', afterMs: 100 });
    expect(policy(error, 2)).toEqual({ action: 'park', code, reason });
  });

  it('reads the kind of what an RpcException wraps', () => {
    expect(policy(new RpcException(fault('invalid')), 1)).toMatchObject({
      action: 'park',
      code: 'test.invalid',
    });
  });

  it('spreads pauses between half and whole, and never beyond the limit', () => {
    const pauses = (random: number) =>
      [1, 3, 60].map((attempt) =>
        deliveryPolicy({ maxAttempts: 100 }, always(random))(fault('unavailable'), attempt),
      );
    expect(pauses(0)).toMatchObject([{ afterMs: 50 }, { afterMs: 200 }, { afterMs: 15_000 }]);
    expect(pauses(1)).toMatchObject([{ afterMs: 100 }, { afterMs: 400 }, { afterMs: 30_000 }]);
  });
});
