import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-codes.js';

/** Where to look for the server's address. */
export interface ServerSources {
  readonly option: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const NOWHERE =
  'No server is known: give --server URL, set GANTRY_SERVER, or work below a folder with .gantry/server in it (the demo makes one).';

/** The gateway's address: --server, GANTRY_SERVER, or `.gantry/server` in this folder or one above it. */
export function serverUrl({ option, env, cwd }: ServerSources): string {
  const given = option ?? nonEmpty(env['GANTRY_SERVER']);
  if (given !== undefined)
    return checked(given, option === undefined ? 'GANTRY_SERVER' : '--server');
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, '.gantry', 'server');
    const text = textOf(file);
    if (text !== undefined) return checked(urlIn(text, file), file);
    if (dirname(folder) === folder) throw new CliError(EXIT.invalid, NOWHERE);
  }
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function urlIn(text: string, file: string): string {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && 'url' in json && typeof json.url === 'string')
      return json.url;
  } catch {
    // Falls through to the one message for every way a file can be wrong.
  }
  throw new CliError(
    EXIT.invalid,
    `${file} does not say where the server is.`,
    'It should hold {"url": "http://127.0.0.1:PORT"}; start the demo again or delete it.',
  );
}

function checked(url: string, source: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return url;
  throw new CliError(EXIT.invalid, `${source} is not an address such as http://127.0.0.1:8080.`);
}
