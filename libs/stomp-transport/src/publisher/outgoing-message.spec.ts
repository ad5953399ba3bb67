import { describe, expect, it } from '@jest/globals';
import { toSendHeaders } from './outgoing-message.js';

const destination = '/topic/VirtualTopic.x';

describe('toSendHeaders', () => {
  it('is persistent and says how long the body is in bytes', () => {
    expect(toSendHeaders({ destination, body: 'ü\0' })).toEqual({
      destination,
      'content-length': '3',
      persistent: 'true',
    });
  });

  it('sends the group twice: the broker keeps JMSXGroupID to itself', () => {
    expect(toSendHeaders({ destination, body: '', groupId: 'd-1' })).toMatchObject({
      JMSXGroupID: 'd-1',
      'x-group': 'd-1',
    });
  });

  it('writes into a fresh object', () => {
    const headers = Object.freeze({ 'x-type': 't' });
    expect(toSendHeaders({ destination, headers, body: '', persistent: false })).toMatchObject({
      'x-type': 't',
      persistent: 'false',
    });
    expect(headers).toEqual({ 'x-type': 't' });
  });

  it.each([
    ['a group with a line break', { groupId: 'a\nb' }],
    ['an empty group', { groupId: '' }],
    ['a correlation id that is not ASCII', { correlationId: 'ü' }],
    ['a temporary reply queue', { replyTo: '/temp-queue/x' }],
    ['a list of destinations', { destination: '/queue/a,/queue/b' }],
    ['an expiry in seconds and a half', { expiresAt: 1.5 }],
    ['a reserved header', { headers: { receipt: '1' } }],
  ])('refuses %s', (_what, wrong) => {
    expect(() => toSendHeaders({ destination, body: '', ...wrong })).toThrow(
      expect.objectContaining({ kind: 'invalid' }),
    );
  });
});
