import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BuildObserved } from '@gantry/contracts';
import type { Artifact } from '../src/metadata/artifact.js';

/** What of a package's spec differs from test to test. */
export interface Spec {
  readonly version?: string;
  /** Lines of the preamble. */
  readonly preamble?: string;
  /** Script sections. */
  readonly scripts?: string;
}

/** Builds `shop` with rpmbuild, with a systemd unit of its own; returns the file. */
export async function buildShop(
  folder: string,
  { version = '1.0.0', preamble = '', scripts = '' }: Spec = {},
): Promise<string> {
  const top = join(folder, `rpmbuild-${(await readdir(folder)).length}`);
  await mkdir(top);
  const spec = `Name: shop\nVersion: ${version}\nRelease: 1\nSummary: Shop\nLicense: MIT\nBuildArch: noarch\nAutoReqProv: no
${preamble}\n%description\nShop.\n%install\nmkdir -p %{buildroot}/opt/shop %{buildroot}/usr/lib/systemd/system
echo ${version} > %{buildroot}/opt/shop/version\necho > %{buildroot}/usr/lib/systemd/system/shop.service
${scripts}\n%files\n/opt/shop\n/usr/lib/systemd/system/shop.service\n`;
  await writeFile(join(top, 'shop.spec'), spec);
  const args = ['-bb', '--quiet', '--define', `_topdir ${top}`, join(top, 'shop.spec')];
  await promisify(execFile)('rpmbuild', args);
  const file = join(top, `shop-${version}.rpm`);
  await copyFile(join(top, 'RPMS', 'noarch', `shop-${version}-1.noarch.rpm`), file);
  return file;
}

/** A build as a list names it that gives the right size and sum of these bytes, whatever they are. */
export function listed(
  bytes: Buffer,
  more: Partial<Record<keyof Artifact, unknown>> = {},
): Artifact {
  return BuildObserved.schema.parse({
    ...{ repository: 'releases', name: 'shop', evr: '1.0.0-1', arch: 'noarch' },
    ...{ builtAt: '2026-01-01T00:00:00.000Z', location: 'shop.rpm' },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    ...more,
  });
}

/** Size of what stands in front of the signature header, and of its own beginning. */
const [LEAD, INTRO, ENTRY] = [96, 16, 16];
/** The signature over the header, by any kind of key that gpg makes. */
const RSA_HEADER = 268;

/** Where in a signed RPM the entry of its signature stands, and where the signature itself. */
export function signatureIn(rpm: Buffer): { readonly entry: number; readonly value: number } {
  const count = rpm.readUInt32BE(LEAD + 8);
  const store = LEAD + INTRO + ENTRY * count;
  for (let at = 0; at < count; at += 1) {
    const entry = LEAD + INTRO + ENTRY * at;
    if (rpm.readUInt32BE(entry) === RSA_HEADER)
      return { entry, value: store + rpm.readUInt32BE(entry + 8) };
  }
  throw new Error('the RPM has no RSA signature over its header');
}

/** The same bytes with one bit changed. */
export function withFlip(rpm: Buffer, at: number): Buffer {
  const changed = Buffer.from(rpm);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}
