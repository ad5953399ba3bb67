import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  deployedBrokerFiles,
  deployedBrokerXml,
  passcodeVariable,
  passwordBrokerXml,
} from './deployed-broker.js';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const xml = readFileSync(at('deploy/activemq/activemq.xml'), 'utf8');

describe('the configuration that is shipped', () => {
  it('is what the table of topics and the example fleet make (if not: node lab/scripts/write-broker-config.mjs)', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [at('lab/scripts/write-broker-config.mjs'), '--check'],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is another one for another fleet', () => {
    const other = deployedBrokerXml({ hosts: ['db1.example.net'], puppetServers: [] });
    expect(other).toContain('host.db1.example.net.commands');
    expect(other).not.toContain('web1.example.net');
  });

  it('lets in by certificates only, over TLS, and holds no secret', () => {
    expect(xml).toMatch(/<transportConnector [^>]*needClientAuth=true"/);
    expect(xml).toContain('<jaasCertificateAuthenticationPlugin');
    expect(xml).not.toMatch(/simpleAuthenticationPlugin|authenticationUser/);
    const passwords = [...xml.matchAll(/Password="([^"]*)"/g)].map(([, value]) => value);
    expect(passwords).toEqual(Array(2).fill('${GANTRY_BROKER_STORE_PASSWORD}'));
  });

  it('knows everybody by the subject of a certificate, each by his own', () => {
    const files = deployedBrokerFiles({
      hosts: ['web1.example.net'],
      puppetServers: ['puppet1.example.net'],
    });
    const users = files.get('users.properties');
    expect(users).toMatch(/^orchestrator=\/\^CN=orchestrator, \?O=Gantry\$\/$/m);
    expect(users).toMatch(/^host\.web1\.example\.net=CN=web1\.example\.net$/m);
    expect(users).toMatch(/^publisher\.puppet1\.example\.net=CN=puppet1\.example\.net$/m);
    expect(files.get('groups.properties')).toMatch(/^hosts=host\.web1\.example\.net$/m);
  });

  it('is refused for a machine that would be two with one certificate', () => {
    const twin = { hosts: ['puppet.lab', 'web1.lab'], puppetServers: ['puppet.lab'] };
    expect(() => deployedBrokerFiles(twin)).toThrow(/puppet\.lab is a host and a Puppet server/);
  });

  it('takes every password from the environment where there is no TLS', () => {
    const plain = passwordBrokerXml({ hosts: ['web1.example.net'], puppetServers: [] });
    const named = [...plain.matchAll(/password="([^"]*)"/g)].map(([, value = '']) => value);
    expect(named.length).toBeGreaterThan(8);
    expect(named).toContain('${GANTRY_BROKER_PASSCODE_HOST_WEB1_EXAMPLE_NET}');
    expect(named.filter((value) => !/^\$\{\w+\}$/.test(value))).toEqual([]);
    expect(passcodeVariable('host.web1.example.net')).toBe(
      'GANTRY_BROKER_PASSCODE_HOST_WEB1_EXAMPLE_NET',
    );
  });

  it('F-027 F-028 refuses what it has no room for, and says why, before a publisher gives up', () => {
    const [, afterMs] = /sendFailIfNoSpaceAfterTimeout="(\d+)"/.exec(xml) ?? [];
    expect(Number(afterMs)).toBeGreaterThan(0);
    expect(Number(afterMs)).toBeLessThan(5_000);
  });

  it('H-039 takes so many connections and no more, at every port', () => {
    const connectors = [...xml.matchAll(/<transportConnector [^>]*>/g)].map(([tag]) => tag);
    expect(connectors.length).toBeGreaterThan(0);
    for (const connector of connectors) expect(connector).toMatch(/maximumConnections=\d+/);
  });

  it('H-042 opens STOMP and nothing else, and makes no queue for whoever asks', () => {
    const connectors = [...xml.matchAll(/<transportConnector [^>]*uri="([\w+]+):/g)];
    expect(connectors.map(([, scheme]) => scheme)).toEqual(['stomp+ssl']);
    expect(xml).toMatch(/wireFormat\.maxFrameSize=\d+/);
    expect(xml).not.toMatch(
      /<virtualTopic|<jetty|<import|useJmx="true"|anonymousAccessAllowed="true"/,
    );
  });
});
