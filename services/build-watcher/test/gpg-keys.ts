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

  /** A key as its owner publishes it after having lost it, armored; in this keyring it stays as it is. */
  async revoked(name: string): Promise<string> {
    const elsewhere = join(this.home, `revoked-${name}`);
    await mkdir(elsewhere, { mode: 0o700 });
    const { stdout } = await run('gpg', [
      ...['--homedir', this.home, '--list-keys', '--with-colons', `${name}@example.net`],
    ]);
    const fingerprint = /^fpr:+(\w+):/m.exec(stdout)?.[1] ?? '';
    const certificate = join(this.home, 'openpgp-revocs.d', `${fingerprint}.rev`);
    const usable = (await readFile(certificate, 'utf8')).replace(/^:/m, '');
    await writeFile(join(elsewhere, 'revocation.asc'), usable);
    const there = ['--homedir', elsewhere, '--batch', '--quiet'];
    const key = await this.keyring(name, { armored: true });
    await run('gpg', [...there, '--import', key, join(elsewhere, 'revocation.asc')]);
    const file = join(elsewhere, 'revoked.asc');
    await run('gpg', [...there, '--armor', '--output', file, '--export']);
    return file;
  }

  /** Signs an RPM in its place, as its builder would. */
  async signRpm(name: string, file: string): Promise<void> {
    const as = ['--define', `_gpg_name ${name}@example.net`, '--define', '__gpg /usr/bin/gpg'];
    const past = `_gpg_sign_cmd_extra_args --faked-system-time=${LONG_AGO}`;
    const extra = name === 'old' ? ['--define', past] : [];
    await run('rpmsign', [...as, ...extra, '--addsign', file], {
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
