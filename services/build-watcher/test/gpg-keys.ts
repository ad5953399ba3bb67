import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** When keys are made and files signed that have expired today. */
const LONG_AGO = '20200101T000000';

/** Keys of a keyring of their own, as a repository's owner has them. */
export class GpgKeys {
  private constructor(private readonly home: string) {}

  static async make(folder: string): Promise<GpgKeys> {
    const home = join(folder, 'gnupg');
    await mkdir(home, { recursive: true, mode: 0o700 });
    const keys = new GpgKeys(home);
    await keys.gpg('--quick-gen-key', 'good@example.net', 'rsa2048', 'sign', 'never');
    await keys.gpg('--quick-gen-key', 'other@example.net', 'rsa2048', 'sign', 'never');
    const past = `--faked-system-time=${LONG_AGO}`;
    await keys.gpg(past, '--quick-gen-key', 'old@example.net', 'rsa2048', 'sign', '1y');
    return keys;
  }

  /** A file that gpgv takes as the keys it trusts. */
  async keyring(name: string, { armored = false } = {}): Promise<string> {
    const file = join(this.home, `${name}${armored ? '.asc' : '.gpg'}`);
    await this.gpg(
      ...(armored ? ['--armor'] : []),
      '--yes',
      '--output',
      file,
      '--export',
      `${name}@example.net`,
    );
    return file;
  }

  async sign(name: string, data: Buffer): Promise<Buffer> {
    const file = join(this.home, `data-${name}`);
    await writeFile(file, data);
    const past = name === 'old' ? [`--faked-system-time=${LONG_AGO}`] : [];
    const as = `${name}@example.net`;
    await this.gpg(...past, '--yes', '--armor', '--local-user', as, '--detach-sign', file);
    return readFile(`${file}.asc`);
  }

  /** Signs an RPM in its place, as its builder would. */
  async signRpm(name: string, file: string): Promise<void> {
    const as = ['--define', `_gpg_name ${name}@example.net`, '--define', '__gpg /usr/bin/gpg'];
    await run('rpmsign', [...as, '--addsign', file], {
      env: { ...process.env, GNUPGHOME: this.home },
    });
  }

  /** gpg leaves an agent behind. */
  async close(): Promise<void> {
    await run('gpgconf', ['--homedir', this.home, '--kill', 'all']);
  }

  private async gpg(...args: readonly string[]): Promise<void> {
    const usual = ['--homedir', this.home, '--batch', '--quiet', '--passphrase', ''];
    await run('gpg', [...usual, '--pinentry-mode', 'loopback', ...args]);
  }
}
