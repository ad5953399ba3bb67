import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFact } from './key-fact.js';
import { KeyScout } from './key-scout.js';

const newKey = (): string =>
  generateKeyPairSync('ed25519')
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64');

/** A file as puppetserver 7.9 writes it: facts terminus `json`, by rename. */
const factsOf = (name: string, key?: unknown): string =>
  JSON.stringify({
    name,
    values: {
      os: { family: 'Debian' },
      clientcert: name,
      ...(key === undefined ? {} : { gantry_host_key: key }),
    },
    timestamp: '2026-03-01T12:00:00.000000000+00:00',
    expiration: '2026-03-01T12:30:00.000000000+00:00',
  });

let folder: string;
let nowMs: number;
let told: string[];
let scout: KeyScout;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gantry-facts-'));
  nowMs = 1_000_000_000;
  told = [];
  const tell = (host: string, key: string): void => void told.push(`${host} ${key}`);
  scout = new KeyScout({ folder, tell, nowMs: () => nowMs });
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): void {
  writeFileSync(join(folder, '.new'), text);
  renameSync(join(folder, '.new'), join(folder, `${name}.json`));
}

function look(): readonly string[] {
  told.length = 0;
  scout.look();
  return [...told];
}

describe('the facts of hosts', () => {
  it('tell a key once, and again after ten minutes or when it is another', () => {
    const [first, second] = [newKey(), newKey()];
    put('web1.lab', factsOf('web1.lab', first));
    expect(look()).toEqual([`web1.lab ${first}`]);
    expect(look()).toEqual([]);
    put('web1.lab', factsOf('web1.lab', first));
    expect(look()).toEqual([]);
    nowMs += 600_000;
    expect(look()).toEqual([`web1.lab ${first}`]);
    put('web1.lab', factsOf('web1.lab', second));
    expect(look()).toEqual([`web1.lab ${second}`]);
  });

  it('of a thousand hosts are read a hundred at a time', () => {
    for (let n = 0; n < 1_000; n += 1) put(`web${n}.lab`, factsOf(`web${n}.lab`, newKey()));
    const counts = Array.from({ length: 11 }, () => look().length);
    expect(counts).toEqual([...Array.from({ length: 10 }, () => 100), 0]);
  });

  it('without a key hold nobody up', () => {
    for (let n = 0; n < 300; n += 1) put(`old${n}.lab`, factsOf(`old${n}.lab`));
    const key = newKey();
    put('web1.lab', factsOf('web1.lab', key));
    expect([look(), look(), look(), look()].flat()).toEqual([`web1.lab ${key}`]);
    nowMs += 600_000;
    expect(look()).toEqual([`web1.lab ${key}`]);
  });

  it('that are a link, of a name that is none, or in a folder that is gone are passed over', () => {
    put('elsewhere', factsOf('web1.lab', newKey()));
    symlinkSync(join(folder, 'elsewhere.json'), join(folder, 'web1.lab.json'));
    writeFileSync(join(folder, 'Web2.json'), factsOf('web2.lab', newKey()));
    expect(look()).toEqual([]);
    const gone = new KeyScout({
      folder: join(folder, 'gone'),
      tell: () => undefined,
      nowMs: () => 0,
    });
    expect(() => gone.look()).not.toThrow();
  });
});

describe('the key among a host\u2019s facts', () => {
  it.each<[string, string]>([
    ['another host', factsOf('web2.lab', newKey())],
    ['a key that is text with a command in it', factsOf('web1.lab', `${newKey()}; reboot`)],
    ['an RSA key', factsOf('web1.lab', 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A')],
    ['a structure for a key', factsOf('web1.lab', { key: newKey() })],
    ['half a file', factsOf('web1.lab', newKey()).slice(0, 90)],
  ])('is none with %s', (_what, text) => {
    expect(keyFact('web1.lab', text)).toBeUndefined();
  });
});
