import { describe, expect, it } from '@jest/globals';
import { parkedCopy, withoutParkedHeaders } from '../delivery/parking.js';
import { senderOf } from './sender.js';

const message = (headers: Record<string, string>) => ({
  headers,
  body: Buffer.from('x'),
  destination: '/queue/q',
  messageId: 'ID:1',
  redelivered: false,
  epoch: 1,
});
const WHY = { code: 'c', reason: 'r', attempts: 0 };
/** What whoever listens gets when `replayer` gave the message back. */
const givenBack = (headers: Record<string, string>, replayer: string) => {
  const sender = senderOf(headers, replayer);
  const where = { queue: '/queue/p', by: 's', at: new Date(0), ...(sender && { sender }) };
  const parked = parkedCopy(message(headers), WHY, where);
  return { ...withoutParkedHeaders(parked.headers ?? {}), JMSXUserID: replayer };
};

describe('who sent a message', () => {
  it("is the broker's word, whatever else it carries", () => {
    expect(senderOf({ JMSXUserID: 'a', 'x-sent-by': 'b' }, 'ops')).toBe('a');
    expect(senderOf({ 'x-sent-by': 'b' }, 'ops')).toBeUndefined();
  });

  it('stays who it was when it was parked and given back, once and again', () => {
    const once = givenBack({ JMSXUserID: 'a', 'x-sent-by': 'b' }, 'r');
    expect(senderOf(once, 'r')).toBe('a');
    expect(senderOf(givenBack(once, 'r'), 'r')).toBe('a');
  });

  it('is whoever gave it back, when somebody else may not', () => {
    expect(senderOf(givenBack({ JMSXUserID: 'a' }, 'r'), 'other')).toBe('r');
  });

  it('is the replayer, when nobody stamped what was parked', () => {
    expect(senderOf(givenBack({ 'x-sent-by': 'b' }, 'r'), 'r')).toBe('r');
  });
});
