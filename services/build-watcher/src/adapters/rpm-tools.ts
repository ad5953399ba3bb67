import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageSignature } from '@gantry/contracts';
import { checksigVerdict } from '../inspection/checksig-verdict.js';
import { unusable } from '../ports/repository-error.js';
import { unusableKeys } from './package-keys.js';
import { firstLine, runTool, type Said } from './run-tool.js';

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
    throw unusableKeys(keyring, firstLine(stderr));
  }

  /** Who signed it, and whether every digest is right. */
  async checkSignature(file: string): Promise<PackageSignature> {
    const { stdout, exitCode } = await this.run('rpmkeys', ['--checksig', '-v', '--', file]);
    return checksigVerdict(stdout, exitCode);
  }

  /** What a package's header holds, in the form of the query; nothing of the package is carried out. */
  async query(file: string, format: string): Promise<string> {
    const args = ['-q', '--queryformat', format, '-p', '--', file];
    const { stdout, stderr, exitCode } = await this.run('rpm', args);
    if (exitCode === 0) return stdout;
    throw unusable(`The header of a package cannot be read (${firstLine(stderr)})`);
  }

  private get database(): string {
    return join(this.home, 'rpmdb');
  }

  private run(program: string, given: readonly string[]): Promise<Said> {
    const args = ['--dbpath', this.database, ...given];
    const { home, signal } = this;
    return runTool({ program, args, home, signal, debianPackage: 'rpm' });
  }
}
