import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@gantry/service-kit';
import { LbControllerConfig } from './config.js';

const broker = {
  GANTRY_BROKER_URIS: 'stomp://127.0.0.1:61613',
  GANTRY_BROKER_LOGIN: 'lb-controller',
  GANTRY_BROKER_PASSCODE: 'x',
};
const device = {
  name: 'lb1',
  driver: 'haproxy',
  socket: '/run/haproxy.sock',
  checkIntervalMs: 500,
};
const load = (devices: unknown) =>
  loadConfig(LbControllerConfig, { ...broker, GANTRY_LB_DEVICES: JSON.stringify(devices) });

describe('the configuration', () => {
  it('takes devices on sockets and ports', () => {
    const tcp = { ...device, name: 'lb2', socket: 'tcp://127.0.0.1:9999', pollMs: 100 };
    expect(load([device, tcp]).GANTRY_LB_DEVICES).toEqual([
      { ...device, pollMs: 200, reloadGraceMs: 5_000 },
      { ...tcp, reloadGraceMs: 5_000 },
    ]);
  });

  it.each([
    ['no device', []],
    ['two of one name', [device, device]],
    ['an unknown driver', [{ ...device, driver: 'f6' }]],
    ['no check interval', [{ ...device, checkIntervalMs: undefined }]],
    ['a relative socket', [{ ...device, socket: 'haproxy.sock' }]],
    ['a mistyped field', [{ ...device, pollMS: 100 }]],
  ])('refuses %s', (_name, devices) => {
    expect(() => load(devices)).toThrow(/GANTRY_LB_DEVICES/);
  });

  it('refuses what is not JSON', () => {
    const env = { ...broker, GANTRY_LB_DEVICES: '[{' };
    expect(() => loadConfig(LbControllerConfig, env)).toThrow(/GANTRY_LB_DEVICES: is not JSON/);
  });
});
