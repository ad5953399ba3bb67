import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageSignature } from '@gantry/contracts';
import { GantryError, messageOf } from '@gantry/service-kit';
import { checksigVerdict } from '../inspection/checksig-verdict.js';
import { unusable } from '../ports/repository-error.js';

/** More than any header's names, files and scripts. */
const MAX_ANSWER = 16 * 1024 * 1024;

interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** RPM's own programs on one file, with a key database of their own in a folder that is thrown away: the machine's keys and macros do not count. */
export class RpmTools {
  private constructor(
    private readonly home: string,
    private readonly signal: AbortSignal,
  ) {}

  /** With these keys (an armored file, as `rpm --import` takes it) and no others. */
  static async withKeys(home: string, keyring: string, signal: AbortSignal): Promise<RpmTools> {
    const tools = new RpmTools(home, signal);
    await mkdir(tools.database, { recursive: true, mode: 0o700 });
    const { exitCode, stderr } = await tools.run('rpmkeys', ['--import', '--', keyring]);
    if (exitCode === 0) return tools;
    throw new GantryError(
      'config',
      'repository.unusable',
      `The package keys of ${keyring} cannot be taken (${firstLine(stderr)}): no package of this repository is announced. ` +
        'The file must be armored, as rpm --import takes it: gpg --armor --export KEY > FILE.',
    );
  }

  /** Who signed it, and whether every digest is right. */
  async checkSignature(file: string): Promise<PackageSignature> {
    const { stdout, exitCode } = await this.run('rpmkeys', ['--checksig', '-v', '--', file]);
    return checksigVerdict(stdout, exitCode);
  }

  /** What a package's header holds, in the form of the query; nothing of the package is carried out. */
  async query(file: string, format: string): Promise<string> {
    const { stdout, stderr, exitCode } = await this.run('rpm', [
      ...['-q', '--queryformat', format, '-p', '--', file],
    ]);
    if (exitCode === 0) return stdout;
    throw unusable(`The header of a package cannot be read (${firstLine(stderr)})`);
  }

  private get database(): string {
    return join(this.home, 'rpmdb');
  }

  private run(program: string, args: readonly string[]): Promise<Said> {
    const env = {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      HOME: this.home,
    };
    const limits = { signal: this.signal, killSignal: 'SIGKILL', maxBuffer: MAX_ANSWER } as const;
    return new Promise((resolve, reject) => {
      const child = execFile(
        program,
        ['--dbpath', this.database, ...args],
        { ...limits, env },
        (error, stdout, stderr) => {
          if (error === null) resolve({ stdout, stderr, exitCode: 0 });
          else if (typeof error.code === 'number')
            resolve({ stdout, stderr, exitCode: error.code });
          else reject(notRun(program, error));
        },
      );
      child.stdin?.end();
    });
  }
}

const firstLine = (text: string): string =>
  text.trim().split('\n')[0]?.slice(0, 300) || 'no reason given';

const notRun = (program: string, cause: unknown): GantryError =>
  new GantryError(
    'config',
    'repository.unusable',
    `Packages cannot be inspected: ${program} failed (${messageOf(cause).slice(0, 300)}). Install the package rpm.`,
    { cause },
  );
