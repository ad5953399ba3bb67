import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isIP } from 'node:net';
import { certificateSubject } from './broker-logins.js';
import { trustStore } from './trust-store.js';

/** Where a client of the broker has its certificates: PEM files. */
export interface BrokerTlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** What a certificate is to say, besides whose it is. */
export interface CertificateWish {
  /** As openssl takes it: `/O=Gantry/CN=audit`. */
  readonly subject: string;
  /** Names and addresses of a server. */
  readonly hosts?: readonly string[];
  /** An expired one was good for a day, and that is over. */
  readonly expired?: boolean;
}

const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc'.split(' ');
const AUTHORITY = '[ca]\ndefault_ca=lab\n[lab]\ndatabase=index.txt\ndefault_md=sha256\n';
/** Of files that only a lab has. */
const STORE_PASSWORD = 'changeit';
const DAYS = 397;
const AUTHORITY_DAYS = 3_650;

/** Where a broker's key stores are, and what opens them. */
export interface BrokerStores {
  readonly keyStore: string;
  readonly trustStore: string;
  readonly password: string;
}

/** A certificate authority in a folder, made there if there is none. Certificates are made when they are first asked for. */
export class BrokerCertificates {
  private readonly made = new Map<string, BrokerTlsFiles>();

  constructor(readonly folder: string) {
    if (existsSync(this.ca)) return;
    openssl(folder, [
      ...[
        'req',
        '-x509',
        ...NEW_KEY,
        '-days',
        String(AUTHORITY_DAYS),
        '-subj',
        '/CN=Gantry broker',
      ],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
      ...['-keyout', 'ca.key', '-out', 'ca.pem'],
    ]);
    writeFileSync(join(folder, 'ca.cnf'), AUTHORITY);
    writeFileSync(join(folder, 'index.txt'), '');
    this.listRevoked();
  }

  get ca(): string {
    return join(this.folder, 'ca.pem');
  }

  /** The key stores of a broker at these addresses, which takes certificates of this authority and of others (PEM). */
  stores(
    hosts: readonly string[],
    { password = STORE_PASSWORD, others = [] as readonly string[] } = {},
  ): BrokerStores {
    this.issue('broker', { subject: '/CN=broker', hosts });
    openssl(
      this.folder,
      [
        ...['pkcs12', '-export', '-in', 'broker.pem', '-inkey', 'broker.key', '-out', 'broker.p12'],
        ...['-passout', 'env:STORE_PASSWORD'],
      ],
      { STORE_PASSWORD: password },
    );
    const trusted = join(this.folder, 'trust.jks');
    writeFileSync(trusted, trustStore([readFileSync(this.ca, 'utf8'), ...others], password));
    return { keyStore: join(this.folder, 'broker.p12'), trustStore: trusted, password };
  }

  /** The list of what was taken back; a broker reads it when it starts. */
  get revoked(): string {
    return join(this.folder, 'crl.pem');
  }

  /** Takes a certificate back. */
  revoke({ cert }: BrokerTlsFiles): void {
    this.authority(['-revoke', cert]);
    this.listRevoked();
  }

  /** The certificate of a principal, as the broker knows it. */
  of(principal: string): BrokerTlsFiles {
    const known = this.made.get(principal);
    if (known) return known;
    const { organization, name } = certificateSubject(principal);
    const subject = `${organization === undefined ? '' : `/O=${organization}`}/CN=${name}`;
    const files = this.issue(principal, { subject });
    this.made.set(principal, files);
    return files;
  }

  /** Makes a certificate in files named after it; a second one of that name takes the first one's place. */
  issue(file: string, { subject, hosts = [], expired = false }: CertificateWish): BrokerTlsFiles {
    const names = hosts.map((host) => `${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`);
    const named = names.length === 0 ? [] : ['-addext', `subjectAltName=${names.join(',')}`];
    openssl(this.folder, [
      ...['req', ...NEW_KEY, '-subj', subject, ...named],
      ...['-keyout', `${file}.key`, '-out', `${file}.csr`],
    ]);
    openssl(this.folder, [
      ...['x509', '-req', '-in', `${file}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key'],
      ...[
        '-copy_extensions',
        'copy',
        '-days',
        expired ? '-1' : String(DAYS),
        '-out',
        `${file}.pem`,
      ],
    ]);
    const at = (suffix: string) => join(this.folder, `${file}.${suffix}`);
    return { ca: this.ca, cert: at('pem'), key: at('key') };
  }

  private listRevoked(): void {
    this.authority(['-gencrl', '-crldays', String(AUTHORITY_DAYS), '-out', this.revoked]);
  }

  private authority(args: readonly string[]): void {
    const own = ['ca', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
    openssl(this.folder, [...own, ...args]);
  }
}

function openssl(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', env: { ...process.env, ...env } });
}
