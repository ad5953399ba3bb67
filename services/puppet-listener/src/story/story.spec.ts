import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '../puppet/log-evidence.js';
import { cleanText } from './clean-text.js';
import { LogTail } from './log-tail.js';
import { Story } from './story.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(60_000);

describe('text of another program', () => {
  it.each([
    ['\u001b[1;31mError\u001b[0m', 'Error'],
    ['\u001b]0;title\u0007text', 'text'],
    ['a\u0000b\u0007c\u009bd', 'abcd'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['txt.\u202Eexe', 'txt.exe'],
    ['password=hunter2 next', 'password=*** next'],
    ['db_passwd => "hun ter2",', 'db_passwd => ***,'],
    ["'api_key': 'abc'", "'api_key': ***"],
    ['X-Auth-Token: abcdef', 'X-Auth-Token: ***'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- end',
      '[private key] end',
    ],
    ['-----BEGIN PRIVATE KEY-----\nabc cut off', '[private key]'],
  ])('%j is shown as %j', (text, shown) => {
    expect(cleanText(text, 500)).toBe(shown);
  });

  it('F-065 H-060 is cut, with a mark, however long it is', () => {
    const cut = cleanText('x'.repeat(5_000_000), 2_000);
    expect(cut).toHaveLength(2_000);
    expect(cut.endsWith('…')).toBe(true);
  });
});

const line = (message: string): LogLine => ({
  at: '2026-01-02T03:04:05.000Z',
  level: 'info',
  source: 'Puppet',
  message,
});

describe('a story', () => {
  it('comes in pieces of a hundred lines and ends after twenty thousand, with a mark', () => {
    const pieces: number[] = [];
    let last = '';
    const story = new Story((lines) => {
      pieces.push(lines.length);
      last = lines.at(-1)!.message;
    });
    story.tell(Array.from({ length: 19_950 }, () => line('a')));
    expect(Math.max(...pieces)).toBe(100);
    story.tell(Array.from({ length: 500 }, () => line('b')));
    story.tell([line('c')]);
    expect(pieces.reduce((a, b) => a + b)).toBe(20_001);
    expect(last).toContain('first 20000 lines');
  });
});

describe('following a log', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-tail-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const entry = (message: string): string =>
    `${JSON.stringify({ level: 'info', source: 'Puppet', message, time: '2026-01-02T03:04:05.1+00:00' })}\n`;

  it('gives each line once, whole, also when it is written in two halves and cut within a character', () => {
    const path = join(folder, 'run.jsonl');
    const tail = new LogTail(path);
    expect(tail.next()).toEqual([]);
    const bytes = Buffer.from(entry('größer'));
    const cut = bytes.indexOf(0xc3) + 1;
    writeFileSync(path, Buffer.concat([Buffer.from(entry('one')), bytes.subarray(0, cut)]));
    expect(tail.next().map((l) => l.message)).toEqual(['one']);
    appendFileSync(path, bytes.subarray(cut));
    expect(tail.next().map((l) => l.message)).toEqual(['größer']);
    expect(tail.next()).toEqual([]);
  });

  it('H-060 survives what is no log: junk, bytes that are no text, an endless line, a file that was emptied', () => {
    const path = join(folder, 'run.jsonl');
    const tail = new LogTail(path);
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.from([0xff, 0xfe, 0x0a]),
        Buffer.from(`junk\n[]\nnull\n${entry('good')}`),
      ]),
    );
    expect(tail.next().map((l) => l.message)).toEqual(['good']);
    appendFileSync(path, 'x'.repeat(400_000));
    tail.next();
    tail.next();
    writeFileSync(path, entry('after'));
    expect(tail.next().map((l) => l.message)).toEqual(['after']);
  });
});
