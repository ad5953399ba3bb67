import type { RunCommandData } from '../src/journal/journal-entry.js';
import type { CommandContext } from '../src/security/command-context.js';
import { base, run, STREAM } from './signed.js';

/** The data of a run command. */
export const runData = (cmdId: string, seq: number, more: object = {}): RunCommandData =>
  ({ ...base(cmdId, seq), ...run, ...more }) as unknown as RunCommandData;

/** What replies to it carry over. */
export const contextOf = (cmdId: string): CommandContext => ({
  cmdId,
  stream: STREAM,
  commandHash: 'a'.repeat(64),
  correlationId: '018f0000-0000-7000-8000-0000000000aa',
  causationId: '018f0000-0000-7000-8000-0000000000bb',
  actor: 'anna',
});
