import type { z } from 'zod';
import { quoted, type DocumentPath, type FleetIssue } from './fleet-path.js';

type ZodIssue = z.core.$ZodIssue;

const KINDS: Readonly<Partial<Record<string, string>>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list (one entry a line, each after "- ")',
  object: 'a mapping (name: value)',
  record: 'a mapping (name: value)',
};

/** Says what the schema's issues mean to the person who writes the file. */
export function shapeIssues(error: z.ZodError, value: unknown): readonly FleetIssue[] {
  return error.issues.flatMap((issue) => explain(issue, value));
}

function explain(issue: ZodIssue, root: unknown): FleetIssue[] {
  const path = issue.path.map((segment) =>
    typeof segment === 'number' ? segment : String(segment),
  );
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `${quoted(key)} is not known here: remove it or correct its spelling`,
    }));
  }
  const found = valueAt(root, path);
  if (found === undefined) return [{ path, message: `${quoted(path.at(-1))} is missing: add it` }];
  return [{ path, message: messageOf(issue, found) }];
}

type Explainers = {
  readonly [C in ZodIssue['code']]?: (
    issue: Extract<ZodIssue, { code: C }>,
    found: unknown,
  ) => string;
};

/** The issues a fleet file can really have; of any other the schema's own words are good enough. */
const EXPLAINERS: Explainers = {
  invalid_type: ({ path, expected }, found) =>
    found === null
      ? `nothing stands after ${lastOf(path)}: write ${kindOf(expected)}, or remove it`
      : `${quoted(found)} stands here: write ${kindOf(expected)}`,
  invalid_value: ({ values }, found) =>
    `${quoted(found)} is not one of the values known here: write ${values.map(String).join(' or ')}`,
  invalid_key: ({ path, issues }) =>
    `the name ${lastOf(path)} cannot be used: write ${issues[0]?.message ?? 'another'}`,
  invalid_format: (issue, found) =>
    `${quoted(found)} cannot be used here: write ${formatOf(issue)}`,
  too_small: ({ minimum }, found) => limitMessage(found, `at least ${String(minimum)}`),
  too_big: ({ maximum }, found) => limitMessage(found, `at most ${String(maximum)}`),
};

function messageOf(issue: ZodIssue, found: unknown): string {
  const explainer = EXPLAINERS[issue.code] as
    ((issue: ZodIssue, found: unknown) => string) | undefined;
  return explainer?.(issue, found) ?? issue.message;
}

function lastOf(path: readonly PropertyKey[]): string {
  return quoted(path.at(-1));
}

function kindOf(expected: string): string {
  return KINDS[expected] ?? expected;
}

function formatOf(issue: Extract<ZodIssue, { code: 'invalid_format' }>): string {
  if (issue.format === 'url') return 'a URL such as http://127.0.0.1:8080/health';
  return issue.message.startsWith('Invalid')
    ? `a text that matches ${issue.pattern ?? issue.format}`
    : issue.message;
}

function limitMessage(found: unknown, bound: string): string {
  if (Array.isArray(found)) return `the list has ${found.length} entries: it needs ${bound}`;
  if (typeof found === 'string')
    return `${quoted(found)} has ${found.length} characters: it needs ${bound}`;
  return `${quoted(found)} is outside what is allowed: write ${bound}`;
}

function valueAt(root: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>(
    (value, segment) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
        ? (value as Record<string | number, unknown>)[segment]
        : undefined,
    root,
  );
}
