import pc from 'picocolors';
import { run } from '../src/run.js';
import type { Ran } from './cli-process.js';

export type { Ran } from './cli-process.js';

/** Runs a command line within this process: what most specs need, and much faster than a process of its own. */
export async function runHere(
  args: readonly string[],
  server: string,
  terminal: { readonly isTty?: boolean; readonly answer?: boolean } = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const exitCode = await run(args, {
    terminal: {
      isTty: terminal.isTty ?? false,
      columns: 60,
      colors: pc.createColors(false),
      out: (text) => (out += text),
      err: (text) => (err += text),
      confirm: () => Promise.resolve(terminal.answer ?? false),
    },
    env: { GANTRY_SERVER: server },
    cwd: '/nowhere',
    signal: new AbortController().signal,
  });
  return { exitCode, out, err };
}
