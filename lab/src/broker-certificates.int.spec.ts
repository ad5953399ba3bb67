import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topicDestination } from '@gantry/contracts';
import { StompPublisher, type StompTlsFiles } from '@gantry/stomp-transport';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from './broker.js';
import { labFleet } from './broker-access.js';
import { BrokerCertificates } from './broker-certificates.js';

const FLEET = labFleet('lab', 2);
const RIGHT = topicDestination('deployment.commands');

describe('who a real broker lets in', () => {
  let broker: Broker;
  let elsewhere: BrokerCertificates;
  let folder: string;

  beforeAll(async () => {
    broker = await Broker.start({ fleet: FLEET });
    folder = mkdtempSync(join(tmpdir(), 'gantry-other-ca-'));
    elsewhere = new BrokerCertificates(folder);
  }, 120_000);
  afterAll(async () => {
    await broker.stop();
    rmSync(folder, { recursive: true });
  }, 60_000);

  const issued = (file: string, subject: string, more = {}) =>
    broker.certificates.issue(file, { subject, ...more });

  /** Says something only an orchestrator or a gateway may say; what becomes of it, and what the log says of the connection. */
  async function attempt(
    tlsFiles: StompTlsFiles | undefined,
    { login = 'gateway', uri = broker.uri(), more = {} } = {},
  ): Promise<{ readonly said: boolean; readonly reasons: string }> {
    const reasons: string[] = [];
    let failed: () => void = () => undefined;
    const failure = new Promise<void>((resolve) => (failed = resolve));
    const note = (_message: string, fields: object = {}) => {
      reasons.push(JSON.stringify(fields));
      failed();
    };
    const publisher = new StompPublisher({
      uris: [uri],
      login,
      ...(tlsFiles && { tlsFiles }),
      ...more,
      reconnectWaitMs: 300,
      logger: { log: () => undefined, warn: note, error: note },
    });
    await Promise.race([publisher.open(10_000), failure]);
    const said = await publisher.publish({ destination: RIGHT, body: '{}' }).then(
      () => true,
      () => false,
    );
    await publisher.close(500);
    return { said, reasons: reasons.join() };
  }

  it('H-038 lets in whoever has the certificate, whatever password or name he gives', async () => {
    const { tlsFiles } = broker.credentials('gateway');
    expect(await attempt(tlsFiles)).toMatchObject({ said: true });
    expect(await attempt(tlsFiles, { login: 'nobody', more: { passcode: 'x' } })).toMatchObject({
      said: true,
    });
  });

  it('H-038 refuses a password without a certificate', async () => {
    const { ca } = broker.certificates;
    const { said, reasons } = await attempt({ ca }, { more: { passcode: 'guess' } });
    expect(said).toBe(false);
    expect(reasons).toContain('does not take our certificate');
  });

  it('H-038 refuses a client that speaks no TLS', async () => {
    expect(await attempt(undefined, { uri: `stomp://${broker.endpoint()}` })).toMatchObject({
      said: false,
    });
  });

  it.each([
    ['that has expired', () => issued('old', '/O=Gantry/CN=gateway', { expired: true })],
    [
      'of another authority',
      () => ({
        ...elsewhere.issue('gateway', { subject: '/O=Gantry/CN=gateway' }),
        ca: broker.certificates.ca,
      }),
    ],
  ])('H-038 refuses a certificate %s, and says so', async (_what, files) => {
    const { said, reasons } = await attempt(files());
    expect(said).toBe(false);
    expect(reasons).toContain('does not take our certificate');
  });

  it.each([
    ['of nobody it knows', '/CN=stranger'],
    ["with a service's name from Puppet's authority", '/CN=gateway'],
    ['that names a service in one word', '/CN=gateway, O=Gantry'],
    ['with more in its name', '/O=Gantry/OU=x/CN=gateway'],
    ['of a host that is not in the fleet', '/CN=web9.lab'],
    ['of a user by its own name', '/CN=host.web1.lab'],
  ])('H-038 refuses a good certificate %s', async (_what, subject) => {
    const { said, reasons } = await attempt(issued('stranger', subject));
    expect(said).toBe(false);
    expect(reasons).toContain('No user for client certificate');
  });

  it('H-038 takes a host for the host it is, whatever service it says it is', async () => {
    const { tlsFiles } = broker.credentials('host.web1.lab');
    const { said, reasons } = await attempt(tlsFiles, { login: 'gateway' });
    expect(said).toBe(false);
    expect(reasons).toMatch(/CN=web1\.lab is not authorized to write/);
  });

  it('H-038 refuses whoever was taken out, at the next connection', async () => {
    const { tlsFiles } = broker.credentials('host.web2.lab');
    const hears = async () => (await attempt(tlsFiles)).reasons;
    expect(await hears()).toContain('CN=web2.lab is not authorized');
    await broker.admit({ ...FLEET, hosts: FLEET.hosts.slice(0, 1) });
    expect(await hears()).toContain('No user for client certificate: CN=web2.lab');
    expect(await attempt(broker.credentials('gateway').tlsFiles)).toMatchObject({ said: true });
  });

  it('H-038 refuses a revoked certificate once it has read the list, and takes the new one', async () => {
    const revoked = issued('gateway-1', '/O=Gantry/CN=gateway');
    expect(await attempt(revoked)).toMatchObject({ said: true });
    broker.certificates.revoke(revoked);
    await broker.restart();
    const { said, reasons } = await attempt(revoked);
    expect(said).toBe(false);
    expect(reasons).toContain('does not take our certificate');
    const renewed = issued('gateway-2', '/O=Gantry/CN=gateway');
    expect(await attempt(renewed)).toMatchObject({ said: true });
  }, 60_000);

  it('refuses a broker that is not the one that was meant, and says why', async () => {
    const { tlsFiles } = broker.credentials('gateway');
    const foreign = { ...tlsFiles, ca: elsewhere.ca };
    expect((await attempt(foreign)).reasons).toContain('is not signed by an authority');
    const named = await attempt(tlsFiles, { more: { tls: { servername: 'other.example.net' } } });
    expect(named).toMatchObject({ said: false });
    expect(named.reasons).toContain('is for another name');
  });

  it('takes a renewed certificate at the next connect, without a new start', async () => {
    const files = issued('renewing', '/O=Gantry/CN=gateway', { expired: true });
    const publisher = new StompPublisher({
      uris: [broker.uri()],
      login: 'gateway',
      tlsFiles: files,
      reconnect: { minMs: 50, maxMs: 100 },
      reconnectWaitMs: 20_000,
    });
    await publisher.open(500);
    expect(publisher.connected).toBe(false);
    const before = readFileSync(files.cert, 'utf8');
    issued('renewing', '/O=Gantry/CN=gateway');
    expect(readFileSync(files.cert, 'utf8')).not.toBe(before);
    await publisher.publish({ destination: RIGHT, body: '{}' });
    await publisher.close(500);
  });
});
