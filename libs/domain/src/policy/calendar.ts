import type { ChangeWindow, Freeze } from '@gantry/contracts';
import { fromMs, toMs } from '../time.js';
import { freezeSpans } from './freezes.js';
import { endOfSpanAt, nextStartAfter, type Span } from './span.js';
import { windowSpans, windowText } from './windows.js';

/** Whether changes may begin at a moment: until when, or why not and when they may again. Absent instants lie too far away to tell. */
export type CalendarVerdict =
  | { readonly open: true; readonly until?: string; readonly because: string }
  | {
      readonly open: false;
      readonly rule: 'window' | 'freeze';
      readonly name: string;
      readonly detail: string;
      readonly opensAt?: string;
    };

/** From one edge of the calendar to the next; beyond so many nobody plans, and a freeze that never ends must not either. */
const MAX_EDGES = 150;

/** What windows and freezes say about a moment. No windows means always; a freeze beats every window. */
export function calendarAt(
  windows: readonly ChangeWindow[],
  freezes: readonly Freeze[],
  now: string,
): CalendarVerdict {
  const calendar = new Calendar(windows, freezes);
  const at = toMs(now);
  const frozen = calendar.frozenBy(at);
  if (frozen !== undefined) {
    const { freeze, end } = frozen;
    const detail = `frozen until ${fromMs(end)}: ${freeze.reason}`;
    return { open: false, rule: 'freeze', name: freeze.name, detail, ...calendar.opens(at) };
  }
  const window = calendar.windowAt(at);
  if (windows.length > 0 && window === undefined) {
    const name = windows.map(windowText).join(', ');
    const detail = `outside its windows (${name})`;
    return { open: false, rule: 'window', name, detail, ...calendar.opens(at) };
  }
  const because = window === undefined ? 'no windows: always open' : `within ${windowText(window)}`;
  return { open: true, because, ...calendar.closes(at) };
}

class Calendar {
  constructor(
    private readonly windows: readonly ChangeWindow[],
    private readonly freezes: readonly Freeze[],
  ) {}

  /** The freeze that lasts longest of those in force. */
  frozenBy(at: number): { readonly freeze: Freeze; readonly end: number } | undefined {
    return this.freezes
      .flatMap((freeze) => {
        const end = endOfSpanAt(freezeSpans(freeze, at), at);
        return end === undefined ? [] : [{ freeze, end }];
      })
      .reduce<{ freeze: Freeze; end: number } | undefined>(
        (longest, one) => (longest === undefined || one.end > longest.end ? one : longest),
        undefined,
      );
  }

  windowAt(at: number): ChangeWindow | undefined {
    return this.windows.find((w) => endOfSpanAt(windowSpans(w, at), at) !== undefined);
  }

  opens(at: number): { opensAt?: string } {
    const opensAt = this.firstOpen(at);
    return opensAt === undefined ? {} : { opensAt: fromMs(opensAt) };
  }

  closes(at: number): { until?: string } {
    const frozen = nextStartAfter(this.freezeSpans(at), at);
    const closed = this.windows.length === 0 ? undefined : this.windowsEnd(at, frozen);
    const until = Math.min(frozen ?? Infinity, closed ?? Infinity);
    return until === Infinity ? {} : { until: fromMs(until) };
  }

  private firstOpen(from: number): number | undefined {
    let at: number | undefined = from;
    for (let edges = 0; at !== undefined && edges < MAX_EDGES; edges++) {
      const frozen = this.frozenBy(at);
      if (frozen !== undefined) at = frozen.end;
      else if (this.windows.length === 0 || this.windowAt(at) !== undefined) return at;
      else at = nextStartAfter(this.windowSpans(at), at);
    }
    return undefined;
  }

  /** Windows that meet or overlap are one: it ends where none goes on. A freeze that begins before makes the rest of no interest. */
  private windowsEnd(from: number, limit = Infinity): number | undefined {
    let at = from;
    for (let edges = 0; edges < MAX_EDGES && at < limit; edges++) {
      const end = endOfSpanAt(this.windowSpans(at), at);
      if (end === undefined) return at;
      at = end;
    }
    return undefined;
  }

  private windowSpans(at: number): readonly Span[] {
    return this.windows.flatMap((window) => windowSpans(window, at));
  }

  private freezeSpans(at: number): readonly Span[] {
    return this.freezes.flatMap((freeze) => freezeSpans(freeze, at));
  }
}
