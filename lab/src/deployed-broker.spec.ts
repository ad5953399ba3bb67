import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deployedBrokerXml, passcodeVariable } from './deployed-broker.js';

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

  it('takes every password from the environment, and those of the example exist', () => {
    const named = [...xml.matchAll(/password="([^"]*)"/g)].map(([, value = '']) => value);
    expect(named.length).toBeGreaterThan(8);
    const examples = ['deploy/compose/example.env', 'deploy/activemq/hosts.example.env'].map(
      (path) => readFileSync(at(path), 'utf8'),
    );
    for (const value of named) {
      const name = /^\$\{(\w+)\}$/.exec(value)?.[1] ?? 'no variable';
      expect(examples.join('\n')).toMatch(new RegExp(`^${name}=`, 'm'));
    }
    expect(passcodeVariable('host.web1.example.net')).toBe(
      'GANTRY_BROKER_PASSCODE_HOST_WEB1_EXAMPLE_NET',
    );
  });

  it('H-042 opens STOMP and nothing else, and makes no queue for whoever asks', () => {
    const connectors = [...xml.matchAll(/<transportConnector [^>]*uri="(\w+):/g)];
    expect(connectors.map(([, scheme]) => scheme)).toEqual(['stomp']);
    expect(xml).toMatch(/wireFormat\.maxFrameSize=\d+/);
    expect(xml).not.toMatch(
      /<virtualTopic|<jetty|<import|useJmx="true"|anonymousAccessAllowed="true"/,
    );
  });
});
