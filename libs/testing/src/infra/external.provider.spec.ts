import { describe, expect, it } from '@jest/globals';
import { externalInfra } from './external.provider.js';

// The discard port: nobody listens there.
const POSTGRES = { GANTRY_TEST_POSTGRES_URL: 'postgres://postgres@127.0.0.1:9/postgres' };
const BROKER = {
  GANTRY_TEST_BROKER_URI: 'stomp://127.0.0.1:9',
  GANTRY_BROKER_PASSCODE_OPS: 'o',
};

describe('servers that run already', () => {
  it('must be named: Postgres', async () => {
    const started = externalInfra({}).startPostgres();
    await expect(started).rejects.toThrow(/GANTRY_TEST_POSTGRES_URL is not set[^]*postgres:\/\//);
  });

  it.each(Object.keys(BROKER))('must be named: broker, %s', async (variable) => {
    const started = externalInfra({ ...BROKER, [variable]: '' }).startBroker();
    await expect(started).rejects.toThrow(`${variable} is not set`);
  });

  it('must say where the certificates are for a broker with TLS', async () => {
    const started = externalInfra({
      ...BROKER,
      GANTRY_TEST_BROKER_URI: 'stomp+ssl://127.0.0.1:9',
    }).startBroker();
    await expect(started).rejects.toThrow('GANTRY_BROKER_KEYS is not set');
  });

  it('must let us in', async () => {
    const infra = externalInfra({ ...POSTGRES, ...BROKER });
    await expect(infra.startPostgres()).rejects.toThrow(/external postgres does not let us in/);
    await expect(infra.startBroker()).rejects.toThrow(/external broker does not let us in/);
  });
});
