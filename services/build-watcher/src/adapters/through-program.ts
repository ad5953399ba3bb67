import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GantryError, isGantryError, messageOf } from '@gantry/service-kit';
import { torn } from '../ports/repository-error.js';

/** A program that reads standard input and writes standard output. */
export interface Filter {
  /** What it works on, for error texts. */
  readonly what: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly debianPackage: string;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;
const MAX_SAID = 500;

/** Passes bytes through a program. It never sees our environment, and never outlives the reader. */
export async function* throughProgram(
  filter: Filter,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const child = spawn(filter.program, filter.args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
  });
  await once(child, 'spawn').catch((error: unknown) => {
    throw notInstalled(filter, error);
  });
  const ended = endOf(child);
  const said = whatItSays(child);
  const fed = pipeline(Readable.from(source, { objectMode: false }), child.stdin).catch(
    (error: unknown) => error,
  );
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array;
    const code = await ended;
    const feedError = await fed;
    if (isGantryError(feedError)) throw feedError;
    if (code !== 0 || feedError !== undefined)
      throw torn(`${filter.what} cannot be unpacked (${filter.program}: ${said()})`, feedError);
  } finally {
    child.kill('SIGKILL');
    child.stdin.destroy();
  }
}

function endOf(child: Child): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve));
}

function whatItSays(child: Child): () => string {
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (text.length < MAX_SAID) text += chunk.toString('utf8').slice(0, MAX_SAID - text.length);
  });
  return () => text.trim().replaceAll(/\s+/g, ' ') || 'no reason given';
}

const notInstalled = ({ program, what, debianPackage }: Filter, cause: unknown): GantryError =>
  new GantryError(
    'config',
    'repository.unusable',
    `${what} needs the program ${program}, which cannot be started (${messageOf(cause)}). Install the package ${debianPackage}.`,
    { cause },
  );
