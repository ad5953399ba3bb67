import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerCertificates } from '@gantry/lab';
import type { BrokerConfig } from '../config/broker-env.js';
import { connectionOf } from './connection-of.js';

describe('how the broker is reached', () => {
  let folder: string;
  let good: { GANTRY_BROKER_CA: string; GANTRY_BROKER_CERT: string; GANTRY_BROKER_KEY: string };
  let otherKey: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-connection-'));
    const { ca, cert, key } = new BrokerCertificates(folder).of('audit');
    good = { GANTRY_BROKER_CA: ca, GANTRY_BROKER_CERT: cert, GANTRY_BROKER_KEY: key };
    otherKey = join(folder, 'another.key');
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(otherKey, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const of = (more: Partial<BrokerConfig>, uri = 'stomp+ssl://mq:61613') =>
    connectionOf({ GANTRY_BROKER_URIS: [uri], GANTRY_BROKER_LOGIN: 'audit', ...more });

  it('is by the certificate, without a password', () => {
    expect(of(good)).toEqual({
      uris: ['stomp+ssl://mq:61613'],
      login: 'audit',
      tlsFiles: {
        ca: good.GANTRY_BROKER_CA,
        cert: good.GANTRY_BROKER_CERT,
        key: good.GANTRY_BROKER_KEY,
      },
    });
  });

  it('is by password where there is no certificate', () => {
    expect(of({ GANTRY_BROKER_PASSCODE: 'x' }, 'stomp://mq:61613')).toMatchObject({
      passcode: 'x',
      tlsFiles: {},
    });
  });

  it.each<[string, () => Partial<BrokerConfig>, RegExp]>([
    ['neither password nor certificate', () => ({}), /neither/],
    ['no key', () => ({ ...good, GANTRY_BROKER_KEY: undefined }), /belong together/],
    ['a file that is not there', () => ({ ...good, GANTRY_BROKER_CA: '/none' }), /\/none.*ENOENT/],
    ['a folder for a file', () => ({ ...good, GANTRY_BROKER_CERT: folder }), /EISDIR/],
    [
      "somebody else's key",
      () => ({ ...good, GANTRY_BROKER_KEY: otherKey }),
      /is not that of the certificate/,
    ],
    [
      'a key where the certificate should be',
      () => ({ ...good, GANTRY_BROKER_CERT: otherKey }),
      /holds no certificate/,
    ],
    [
      'a certificate where the key should be',
      () => ({ ...good, GANTRY_BROKER_KEY: good.GANTRY_BROKER_CERT }),
      /holds no private key/,
    ],
  ])('is refused with %s', (_what, more, words) => {
    const refusal = (): unknown => {
      try {
        return of(more());
      } catch (error) {
        return error;
      }
    };
    expect(refusal()).toMatchObject({ kind: 'config', message: expect.stringMatching(words) });
  });

  it('is refused where a certificate would be shown to nobody', () => {
    expect(() => of(good, 'stomp://mq:61613')).toThrow(/without TLS/);
  });
});
