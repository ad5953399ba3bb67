import { HostKeySeen, hostReplyPrefix } from '@gantry/contracts';
import type { Refused } from '@gantry/service-kit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bench, request } from '../../test/fakes.js';
import { EnrolmentHandler } from './enrolment.handler.js';
import { HostTroubles } from './host-troubles.js';

const SERVER = 'puppet.lab';
const HOST = 'web1.lab';

let bench: Bench;
let publisher: KeyObject;
let handler: EnrolmentHandler;
let noted: Refused[];
beforeEach(() => {
  bench = new Bench();
  noted = [];
  publisher = bench.enrol(`publisher.${SERVER}`);
  const notes = { note: (refused: Refused) => void noted.push(refused) };
  handler = new EnrolmentHandler({ ...bench.tools, troubles: new HostTroubles(), notes });
});
afterEach(() => rmSync(bench.folder, { recursive: true }));

const newKey = (): string =>
  generateKeyPairSync('ed25519')
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64');

interface Word {
  readonly host?: string;
  readonly publicKey?: string;
  readonly ageMs?: number;
  readonly signer?: KeyObject;
}

/** What a publisher says, signed. */
async function hears({ host = HOST, publicKey = newKey(), ageMs = 0, signer = publisher }: Word) {
  const keyId = bench.keys.find(SERVER, 'publisher')?.keyId ?? 'h-0';
  const data = { server: SERVER, keyId, host, publicKey };
  const message = request<typeof HostKeySeen>(HostKeySeen, data, ageMs);
  const body = Buffer.from(JSON.stringify(message));
  const bytes = Buffer.concat([Buffer.from(hostReplyPrefix(body.length)), body]);
  const headers = { 'x-kid': keyId, 'x-sig': sign(null, bytes, signer).toString('base64') };
  await handler.handle(message, body, headers);
  return bench.bus.published.splice(0).map(({ type }) => type);
}

const file = (name = `${HOST}.pub`): string => join(bench.folder, name);

describe('a host that the publisher beside its Puppet server has seen', () => {
  it('is enrolled when nobody knew it, and is heard from then on without a restart', async () => {
    expect(bench.keys.find(HOST, 'agent')).toBeUndefined();
    const publicKey = newKey();
    expect(await hears({ publicKey })).toEqual(['puppet.host.enrolled']);
    const der = bench.keys.find(HOST, 'agent')?.publicKey.export({ type: 'spki', format: 'der' });
    expect(der?.toString('base64')).toBe(publicKey);
    expect(await hears({ publicKey })).toEqual(['puppet.host.recovered']);
  });

  it('F-060 keeps the key it has when another one shows up, until a person puts that in its place', async () => {
    bench.enrol(HOST);
    const before = readFileSync(file());
    const publicKey = newKey();
    expect(await hears({ publicKey })).toEqual(['puppet.host.troubled']);
    expect(readFileSync(file())).toEqual(before);
    writeFileSync(file(), readFileSync(file(`${HOST}.pub.new`)));
    expect(await hears({ publicKey })).toEqual(['puppet.host.recovered']);
  });

  it('F-060 is not enrolled over a file that a person put there and nobody can read', async () => {
    writeFileSync(file(), 'revoked');
    expect(await hears({})).toEqual(['puppet.host.troubled']);
    expect(readFileSync(file(), 'utf8')).toBe('revoked');
  });

  it('is told again and again while the folder cannot be written', async () => {
    mkdirSync(file(`${HOST}.pub.${process.pid}.tmp`));
    expect(await hears({})).toEqual([]);
    expect(existsSync(file())).toBe(false);
    rmSync(file(`${HOST}.pub.${process.pid}.tmp`), { recursive: true });
    expect(await hears({})).toEqual(['puppet.host.enrolled']);
  });
});

describe('H-043 a word about a key that is not believed', () => {
  it.each<[string, () => Word]>([
    ['of a host in the name of a publisher', () => ({ signer: bench.enrol('web9.lab') })],
    ['that is an hour old', () => ({ ageMs: 3_600_000 })],
    ['about a publisher: any host could name itself one', () => ({ host: `publisher.${SERVER}` })],
  ])('%s enrols nobody, and is on record', async (_what, word) => {
    expect(await hears(word())).toEqual([]);
    expect(noted).toMatchObject([{ code: 'enrolment-refused' }]);
    expect(bench.keys.find(HOST, 'agent')).toBeUndefined();
  });
});
