import type { BindingId, Override } from '@gantry/contracts';

/** What can hold something back, most severe first. */
export const SEVERITY = ['stop-the-line', 'freeze', 'window', 'lock', 'pin'] as const;

/** Something that holds a target back: which, what, by whom, until when, and what can be done about it. */
export interface Binding {
  readonly id: BindingId;
  readonly rule: (typeof SEVERITY)[number];
  readonly what: string;
  readonly who: string;
  /** Absent: until somebody ends it, or longer than can be told. */
  readonly until?: string;
  readonly todo: string;
}

/** A person's word to go ahead in spite of what it names. */
export interface OnesOverride extends Override {
  readonly by: string;
}

/** What still binds when a person overrides: nothing that is not named is overridden, and what a name does not meet is told. */
export interface AfterOverride {
  readonly binding: readonly Binding[];
  readonly overridden: readonly Binding[];
  readonly unmet: readonly BindingId[];
}

/** Splits what binds by an override. */
export function bindingAfterOverride(
  bindings: readonly Binding[],
  override: OnesOverride | undefined,
): AfterOverride {
  const named = new Set(override?.of);
  const ids = new Set(bindings.map(({ id }) => id));
  return {
    binding: bindings.filter(({ id }) => !named.has(id)),
    overridden: bindings.filter(({ id }) => named.has(id)),
    unmet: [...named].filter((id) => !ids.has(id)),
  };
}

/** Most severe first; of the same severity what lasts longest, then by name, so that the order is the same everywhere. */
export function bySeverity(bindings: readonly Binding[]): readonly Binding[] {
  return [...bindings].sort(
    (a, b) =>
      SEVERITY.indexOf(a.rule) - SEVERITY.indexOf(b.rule) ||
      compare(b.until ?? FOR_EVER, a.until ?? FOR_EVER) ||
      compare(a.id, b.id),
  );
}

/** After every instant there is, as text. */
const FOR_EVER = '~';

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
