import { describe, expect, it } from '@jest/globals';
import { AttentionClosed, FleetAdopted, parseMessage } from '@gantry/contracts';
import { envelopeFor, type Sender } from './envelope-maker.js';

const ID = '018f0000-0000-7000-8000-000000000001';
const OTHER = '018f0000-0000-7000-8000-000000000002';

const sender: Sender = {
  service: 'orchestrator',
  instance: 'a1',
  clock: { now: () => new Date('2026-01-02T03:04:05.000Z') },
  ids: { uuid: () => ID },
};
const data = { key: 'host-web1', because: 'it is back' };

describe('envelopeFor', () => {
  it('starts a new chain of causes when nothing caused it', () => {
    const message = envelopeFor(sender, AttentionClosed, data, {});
    expect(message).toMatchObject({
      id: ID,
      type: 'attention.closed',
      source: '/gantry/orchestrator/a1',
      time: '2026-01-02T03:04:05.000Z',
      dataschema: 'urn:gantry:attention.closed:1',
      correlationid: ID,
      causationid: ID,
      actor: 'orchestrator',
    });
    expect(message).not.toHaveProperty('subject');
    expect(message).not.toHaveProperty('expiresat');
    expect(parseMessage(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  it('inherits correlation, actor and subject from its cause, and names it', () => {
    const cause = envelopeFor(sender, AttentionClosed, data, {
      id: OTHER,
      subject: 'attention-host-web1',
      actor: 'anna',
    });
    expect(envelopeFor(sender, AttentionClosed, data, { cause })).toMatchObject({
      id: ID,
      correlationid: OTHER,
      causationid: OTHER,
      actor: 'anna',
      subject: 'attention-host-web1',
    });
  });

  it('lets the caller decide, and sets the end of its use', () => {
    const message = envelopeFor(sender, AttentionClosed, data, {
      actor: 'ben',
      correlationId: OTHER,
      expiresInMs: 1_500,
    });
    expect(message).toMatchObject({
      actor: 'ben',
      correlationid: OTHER,
      expiresat: '2026-01-02T03:04:06.500Z',
    });
  });

  it('refuses to send what the contract does not allow', () => {
    const extra = { ...data, surprise: true };
    expect(() => envelopeFor(sender, AttentionClosed, extra, {})).toThrow(/surprise/);
    expect(() => envelopeFor(sender, FleetAdopted, {} as never, {})).toThrow(
      expect.objectContaining({ kind: 'bug', code: 'bus.wrong-shape' }),
    );
  });
});
