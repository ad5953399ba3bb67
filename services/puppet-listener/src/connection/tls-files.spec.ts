import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config.js';

describe('the certificate of a listener', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-listener-tls-'));
    const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc'.split(' ');
    for (const name of ['web1', 'other'])
      execFileSync(
        'openssl',
        [
          ...['req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name}`],
          ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
        ],
        { cwd: folder, stdio: 'pipe' },
      );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const at = (file: string) => join(folder, file);
  const read = (more: Readonly<Record<string, string>>) =>
    readConfig({
      GANTRY_LISTENER_ROLE: 'agent',
      GANTRY_CERTNAME: 'web1.lab',
      GANTRY_BROKER_URIS: 'stomp+ssl://mq:61613',
      GANTRY_BROKER_LOGIN: 'host.web1.lab',
      GANTRY_BROKER_CA: at('web1.pem'),
      GANTRY_BROKER_CERT: at('web1.pem'),
      GANTRY_BROKER_KEY: at('web1.key'),
      GANTRY_DISPATCHER_KEYS: '/etc/gantry/trusted',
      GANTRY_PACKAGES: 'shop',
      ...more,
    }).broker;

  it('takes the place of the password', () => {
    const files = { ca: at('web1.pem'), cert: at('web1.pem'), key: at('web1.key') };
    expect(read({})).toEqual({
      uris: ['stomp+ssl://mq:61613'],
      login: 'host.web1.lab',
      files,
    });
  });

  it.each([
    ['its key is missing', { GANTRY_BROKER_KEY: '' }, /belong together/],
    ['a file is not there', { GANTRY_BROKER_CA: '/none' }, /ENOENT.*\/none/],
    [
      'there is none, nor a password',
      { GANTRY_BROKER_CERT: '', GANTRY_BROKER_KEY: '' },
      /PASSCODE/,
    ],
    ['it would be shown to nobody', { GANTRY_BROKER_URIS: 'stomp://mq:1' }, /must be stomp\+ssl/],
  ])('is refused at the start when %s', (_what, more, words) => {
    expect(() => read(more)).toThrow(words);
  });

  it('is refused at the start with the key of another', () => {
    expect(() => read({ GANTRY_BROKER_KEY: at('other.key') })).toThrow(/is not that of the/);
  });
});
