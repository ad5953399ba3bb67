import { parse } from 'yaml';
import type { Section } from './report-sections.js';
import { sectionsAt } from './report-sections.js';

/** A resource that went wrong, in Puppet's words. */
export interface ResourceFailure {
  readonly resource: string;
  readonly message: string;
}

const MAX_FAILURES = 20;
const MAX_BLOCK_LINES = 2_000;
const BAD = /^ {4}(?:failed|failed_to_restart): true\s*$/;
const SKIPPED = /^ {4}skipped: true\s*$/;

/** The failed resources with their messages; only these few blocks of a report are read as YAML. */
export function failuresOf(statuses: Section | undefined): readonly ResourceFailure[] {
  if (statuses === undefined) return [];
  return sectionsAt(statuses.body, 2)
    .filter((block) => block.body.some((line) => BAD.test(line)))
    .slice(0, MAX_FAILURES)
    .map(failureOf);
}

/** Names of skipped resources of one type, such as `Package`. */
export function skippedOf(statuses: Section | undefined, type: string): readonly string[] {
  if (statuses === undefined) return [];
  return sectionsAt(statuses.body, 2)
    .filter((b) => b.head.startsWith(`  ${type}[`) && b.body.some((line) => SKIPPED.test(line)))
    .map((b) => /\[(.*)\]/.exec(b.head)?.[1] ?? '');
}

function failureOf(block: Section): ResourceFailure {
  const read = readBlock(block);
  const [resource, status] = Object.entries(read)[0] ?? ['(a resource)', undefined];
  return { resource: cut(resource, 300), message: cut(messageOf(status), 1_000) };
}

function readBlock(block: Section): Record<string, unknown> {
  try {
    const text = [block.head, ...block.body.slice(0, MAX_BLOCK_LINES)].join('\n');
    // Ruby's object tags carry no meaning here; `logLevel` keeps the reader from printing about them.
    const value: unknown = parse(text, { logLevel: 'silent', maxAliasCount: 10 });
    return isRecord(value) ? value : {};
  } catch {
    return { [block.head.trim()]: undefined };
  }
}

function messageOf(status: unknown): string {
  if (!isRecord(status)) return 'its part of the report could not be read';
  const events: readonly unknown[] = Array.isArray(status['events']) ? status['events'] : [];
  const failed = events.filter(isRecord).filter((event) => event['status'] === 'failure');
  const texts = failed.map((event) => event['message']).filter((m) => typeof m === 'string');
  if (texts.length > 0) return texts.join('; ');
  if (status['failed_to_restart'] === true) return 'it did not restart';
  return 'it failed; Puppet left no message in the report';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const cut = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1)}…`;
