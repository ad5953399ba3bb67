import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@gantry/service-kit';
import { VerifierConfig } from './config.js';

const needed = {
  GANTRY_BROKER_URIS: 'stomp://127.0.0.1:61613',
  GANTRY_BROKER_LOGIN: 'verifier',
  GANTRY_BROKER_PASSCODE: 'x',
  GANTRY_EVIDENCE_DIR: '/var/lib/gantry/evidence',
};

describe('the configuration', () => {
  it('allows nothing inside the house, and runs no program, unless told', () => {
    const config = loadConfig(VerifierConfig, needed);
    expect(config.GANTRY_GATE_ALLOW.hasAddress('10.0.0.1')).toBe(false);
    expect(config.GANTRY_GATE_COMMANDS_DIR).toBeUndefined();
    expect(config.GANTRY_GATE_CREDENTIALS_DIR).toBeUndefined();
  });

  it('takes hosts, addresses and ranges', () => {
    const { GANTRY_GATE_ALLOW: allow } = loadConfig(VerifierConfig, {
      ...needed,
      GANTRY_GATE_ALLOW:
        ' 10.20.0.0/16, Jenkins.example.net,.shop.example.net, 192.168.1.7, fd00::/8',
    });
    const addresses = ['10.20.3.4', '::ffff:10.20.3.4', '192.168.1.7', 'fd12::1'];
    expect(addresses.filter((each) => !allow.hasAddress(each))).toEqual([]);
    expect(
      ['10.21.0.1', '192.168.1.8', 'fe80::1'].filter((each) => allow.hasAddress(each)),
    ).toEqual([]);
    const hosts = ['jenkins.example.net', 'JENKINS.example.net.', 'a.shop.example.net'];
    expect(hosts.filter((each) => !allow.hasHost(each))).toEqual([]);
    const others = ['shop.example.net', 'x.jenkins.example.net', 'evilshop.example.net'];
    expect(others.filter((each) => allow.hasHost(each))).toEqual([]);
  });

  it.each([
    ['GANTRY_GATE_ALLOW', '10.20.0.0/33'],
    ['GANTRY_GATE_ALLOW', '10.20.0'],
    ['GANTRY_GATE_ALLOW', 'http://jenkins.example.net'],
    ['GANTRY_EVIDENCE_DIR', 'evidence'],
    ['GANTRY_GATE_CONCURRENCY', '0'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => loadConfig(VerifierConfig, { ...needed, [name]: value })).toThrow(name);
  });
});
