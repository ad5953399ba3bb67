/** A stretch of time in milliseconds since the epoch: `start` belongs to it, `end` does not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** When the moment's span is over: the latest end, where several hold it. Undefined when none does. */
export function endOfSpanAt(spans: readonly Span[], at: number): number | undefined {
  const ends = spans.filter(({ start, end }) => start <= at && at < end).map(({ end }) => end);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** When the next span begins after the moment. */
export function nextStartAfter(spans: readonly Span[], at: number): number | undefined {
  const starts = spans.filter(({ start }) => start > at).map(({ start }) => start);
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** A span in which nothing lies is no span: both ends fell into one gap of the clocks. */
export const isSpan = ({ start, end }: Span): boolean => start < end;
