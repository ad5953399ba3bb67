import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** How a run ended. */
export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** The command line program, bundled from its sources, run as a process of its own. */
export interface Cli {
  readonly folder: string;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Runs it and interrupts it once it has printed this. */
  interruptAt(text: string, args: readonly string[]): Promise<Ran>;
  remove(): Promise<void>;
}

/** Bundles it into a folder of its own, which is also where it runs. */
export async function bundleCli(): Promise<Cli> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-cli-'));
  const program = join(folder, 'gantry.mjs');
  await build({
    entryPoints: [join(ROOT, 'services/cli/src/main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: {
      '@gantry/client': join(ROOT, 'libs/client/src/index.ts'),
      '@gantry/contracts': join(ROOT, 'libs/contracts/src/index.ts'),
    },
    // commander and cli-table3 are CommonJS and require Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const start = (args: readonly string[], env: Readonly<Record<string, string>>) => {
    let child: ReturnType<typeof execFile> | undefined;
    const ran = new Promise<Ran>((resolve) => {
      const options = { cwd: folder, env: { PATH: process.env['PATH'], ...env } };
      child = execFile(process.execPath, [program, ...args], options, (error, out, err) => {
        const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
        resolve({ exitCode: code, out, err });
      });
      child.stdin?.end();
    });
    return { child, ran };
  };
  return {
    folder,
    run: (args, env = {}) => start(args, env).ran,
    interruptAt: (text, args) => {
      const { child, ran } = start(args, {});
      let seen = '';
      child?.stdout?.on('data', (chunk: string) => {
        if (seen.includes(text)) return;
        seen += chunk;
        if (seen.includes(text)) child.kill('SIGINT');
      });
      return ran;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
