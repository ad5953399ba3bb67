import type { DataOf, HostLogLines } from '@gantry/contracts';
import type { LogLine } from '../puppet/log-evidence.js';
import { cleanText } from './clean-text.js';

type StoryLines = DataOf<typeof HostLogLines>['lines'];

const MAX_BATCH = 100;
const MAX_LINES_A_RUN = 20_000;

/** Tells a run's log line by line to whoever watches: bounded, cleaned, and lost without harm. */
export class Story {
  private told = 0;

  constructor(private readonly publish: (lines: StoryLines) => void) {}

  tell(lines: readonly LogLine[]): void {
    const room = MAX_LINES_A_RUN - this.told;
    const shown = lines.slice(0, Math.max(0, room)).map(shownLine);
    this.told += shown.length;
    if (lines.length > room && room > 0) shown.push(endMark(lines[room - 1]?.at));
    for (let at = 0; at < shown.length; at += MAX_BATCH)
      this.publish(shown.slice(at, at + MAX_BATCH));
  }
}

function shownLine({ at, level, source, message }: LogLine): StoryLines[number] {
  return {
    at,
    level: cleanText(level, 16),
    source: cleanText(source, 300),
    message: cleanText(message, 2_000),
  };
}

function endMark(at = new Date().toISOString()): StoryLines[number] {
  const message = `Only the first ${MAX_LINES_A_RUN} lines are shown here; the host keeps the whole log.`;
  return { at, level: 'warning', source: 'gantry', message };
}
