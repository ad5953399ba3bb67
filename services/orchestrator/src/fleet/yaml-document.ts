import type { FleetProblem } from '@gantry/contracts';
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { pathText, quoted, type DocumentPath, type FleetIssue } from './fleet-path.js';
import { findRefusedTokens } from './yaml-limits.js';

/** A YAML text as plain values, with the way back from a path to its line and column. */
export interface YamlDocument {
  readonly value: unknown;
  problemAt(issue: FleetIssue): FleetProblem;
}

export type YamlReading =
  | { readonly ok: true; readonly document: YamlDocument }
  | { readonly ok: false; readonly problems: readonly FleetProblem[] };

const MAX_DEPTH = 20;
const WHOLE = { line: 1, column: 1, path: '' };

/** Reads YAML 1.2 as a fleet file may use it: one document of plain mappings, lists and scalars, no key twice. */
export function readYaml(text: string): YamlReading {
  const refused = findRefusedTokens(text);
  if (refused.length > 0) {
    const lines = countLines(text);
    return failed(
      refused.map(({ offset, message }) => ({ ...positionOf(lines, offset), path: '', message })),
    );
  }
  const lines = new LineCounter();
  // The library compares every key of a mapping with every other (seconds for some thousand hosts): `keyIssues` does it instead.
  const doc = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    version: '1.2',
    logLevel: 'error',
  });
  if (doc.errors.length > 0) return failed(doc.errors.map((error) => syntaxProblem(lines, error)));
  if (doc.contents === null)
    return failed([{ ...WHOLE, message: 'the file is empty: start with "version: 1"' }]);
  const root: Node = doc.contents;
  const document: YamlDocument = {
    get value() {
      return doc.toJS({ maxAliasCount: 0 }) as unknown;
    },
    problemAt: ({ path, message }) => ({
      ...positionOf(lines, offsetOf(root, path)),
      path: pathText(path),
      message,
    }),
  };
  const issues = [...keyIssues(root, [])];
  return issues.length > 0
    ? failed(issues.map((issue) => document.problemAt(issue)))
    : { ok: true, document };
}

function failed(problems: readonly FleetProblem[]): YamlReading {
  return { ok: false, problems };
}

/** The lexer counts no lines; refused files are rare, so they are counted again. */
function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
    lines.addNewLine(at + 1);
  return lines;
}

function positionOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

const SYNTAX_HINTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'a tab stands in the indentation: YAML takes spaces only, replace it',
  MULTIPLE_DOCS: 'a second document begins here: a fleet is one document, remove the "---"',
  RESOURCE_EXHAUSTION: 'the file is nested too deep: nothing in a fleet file is',
};

function syntaxProblem(lines: LineCounter, error: YAMLError): FleetProblem {
  const message = SYNTAX_HINTS[error.code] ?? `this is not YAML: ${error.message}`;
  return { ...positionOf(lines, error.pos[0]), path: '', message };
}

/** Keys that cannot be meant: twice the same, not a plain name, or one that JavaScript would take for something else. */
function* keyIssues(node: unknown, path: DocumentPath): Generator<FleetIssue> {
  if (path.length > MAX_DEPTH) {
    yield { path, message: 'the file is nested too deep: nothing in a fleet file is' };
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* keyIssues(item, [...path, index]);
  } else if (isMap(node)) {
    yield* mappingIssues(node, path);
  }
}

function* mappingIssues(map: YAMLMap, path: DocumentPath): Generator<FleetIssue> {
  const seen = new Set<string>();
  for (const { key, value } of map.items) {
    if (!isScalar(key)) {
      yield { path, message: 'a list or mapping stands as a key here: keys are plain names' };
      continue;
    }
    const name = String(key.value);
    if (seen.has(name))
      yield {
        path: [...path, name],
        message: `the key ${quoted(name)} stands here a second time: remove one of the two`,
      };
    if (name === '__proto__')
      yield { path: [...path, name], message: 'this name cannot be used: choose another' };
    seen.add(name);
    yield* keyIssues(value, [...path, name]);
  }
}

/** Where the value of a path begins; of a collection, where its key stands; of something absent, where its parent stands. */
function offsetOf(root: Node, path: DocumentPath): number {
  let node: unknown = root;
  let offset = root.range?.[0] ?? 0;
  for (const segment of path) {
    const step: { at: unknown; value: unknown } | undefined = stepInto(node, segment);
    if (step === undefined) break;
    node = step.value;
    offset = startOf(isScalar(node) ? node : step.at) ?? startOf(step.at) ?? offset;
  }
  return offset;
}

function stepInto(
  node: unknown,
  segment: string | number,
): { at: unknown; value: unknown } | undefined {
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment];
    return item === undefined ? undefined : { at: item, value: item };
  }
  if (!isMap(node)) return undefined;
  // The last of two equal keys: that is the one to point at.
  const pair = node.items.findLast(
    ({ key }) => isScalar(key) && String(key.value) === String(segment),
  );
  return pair === undefined ? undefined : { at: pair.key, value: pair.value };
}

function startOf(node: unknown): number | undefined {
  return (node as Partial<Node> | null)?.range?.[0];
}
