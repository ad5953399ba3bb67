import { describe, expect, it } from '@jest/globals';
import { eventHash, GENESIS_HASH, type HashedContent } from './event-hash.js';

const content: HashedContent = {
  streamType: 'deployment',
  streamId: 'd-1',
  streamVersion: 1,
  eventId: '0190a0b0-0000-7000-8000-000000000001',
  type: 'deployment.requested',
  schemaVersion: 1,
  recordedAt: '2026-01-02T03:04:05.678Z',
  data: '{"a":1}',
  metadata: '{"actor":"person:7"}',
};

describe('the hash of an event', () => {
  it('stays what it is: chains that were written must verify for ever', () => {
    expect(eventHash(GENESIS_HASH, content)).toBe(
      '25ab04fe13ba633531bdb36ea0f447f69a1d2fca367d1a86cdc72b60a59824f8',
    );
  });

  it.each(Object.keys(content))('covers %s', (field) => {
    const changed = { ...content, [field]: field.endsWith('Version') ? 2 : 'other' };
    expect(eventHash(GENESIS_HASH, changed)).not.toBe(eventHash(GENESIS_HASH, content));
  });

  it('covers what came before', () => {
    expect(eventHash('1'.repeat(64), content)).not.toBe(eventHash(GENESIS_HASH, content));
  });

  it('changes when text moves from one field to the next', () => {
    const moved = { ...content, streamType: 'deployment\nd-1', streamId: '' };
    expect(eventHash(GENESIS_HASH, moved)).not.toBe(eventHash(GENESIS_HASH, content));
  });
});
