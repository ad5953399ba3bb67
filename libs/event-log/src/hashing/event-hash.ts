import { hash } from 'node:crypto';

/** What stands before a stream's first event. */
export const GENESIS_HASH = '0'.repeat(64);

/** The part of an event that its hash covers: all of it but its place in the feed, which a restore may renumber. */
export type HashedContent = {
  readonly streamType: string;
  readonly streamId: string;
  readonly streamVersion: number;
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly recordedAt: string;
  /** Canonical JSON. */
  readonly data: string;
  /** Canonical JSON. */
  readonly metadata: string;
};

/**
 * sha256 over the previous hash and the canonical row, one field a line. No field of an honest row can hold a line
 * break (JSON escapes them, names and types are matched against a pattern), so a row that moves text from one field
 * to the next has more lines and another hash.
 */
export function eventHash(prevHash: string, content: HashedContent): string {
  const row = [
    prevHash,
    content.streamType,
    content.streamId,
    content.streamVersion,
    content.eventId,
    content.type,
    content.schemaVersion,
    content.recordedAt,
    content.data,
    content.metadata,
  ].join('\n');
  // In one shot: a Hash object costs three times as much, and more again when it is collected.
  return hash('sha256', row, 'hex');
}
