import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BrokerCertificates, startBroker, waitUntil, type Broker } from '@gantry/lab';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { brokerEnv, httpEnv, loadConfig, runService, type RunningService } from '../src/index.js';
import { PLAIN_TOPICS, TinyModule } from './tiny-service.js';

describe('a service and a broker that do not trust each other', () => {
  let broker: Broker;
  let folder: string;
  beforeAll(async () => {
    broker = await startBroker();
    folder = mkdtempSync(join(tmpdir(), 'gantry-trust-'));
  }, 120_000);
  afterAll(async () => {
    await broker.stop();
    rmSync(folder, { recursive: true });
  }, 60_000);

  const lines: string[] = [];
  const start = (more: Readonly<Record<string, string>>): Promise<RunningService> =>
    runService({
      name: 'orchestrator',
      config: loadConfig(z.object({ ...brokerEnv, ...httpEnv }), {
        ...broker.environment('orchestrator'),
        ...more,
      }),
      module: TinyModule,
      families: ['lb.observations', 'deployment.commands', 'builds'],
      plainTopics: PLAIN_TOPICS,
      writeLog: (line) => lines.push(line),
    });

  it('says so when it is asked whether it is ready, and is once the file is put right', async () => {
    const ca = join(folder, 'trusted.pem');
    const foreign = new BrokerCertificates(folder).ca;
    copyFileSync(broker.certificates.ca, ca);
    const service = await start({ GANTRY_BROKER_CA: ca });
    const ready = () => fetch(`http://127.0.0.1:${service.httpPort}/readyz`);
    const until = (condition: () => Promise<boolean>) =>
      waitUntil(condition, {
        deadlineMs: 30_000,
        onTimeout: () => new Error(lines.slice(-5).join('\n')),
      });

    copyFileSync(foreign, ca);
    await broker.restart();
    const reason = 'not signed by an authority of GANTRY_BROKER_CA';
    await until(async () => (await (await ready()).text()).includes(reason));
    expect((await ready()).status).toBe(503);
    expect(lines.join('\n')).toContain(reason);

    copyFileSync(broker.certificates.ca, ca);
    await until(async () => (await ready()).ok);
    await service.close();
  }, 60_000);

  it('warns once of a broker that is older than it should be', async () => {
    lines.length = 0;
    const service = await start({});
    const metrics = await (await fetch(`http://127.0.0.1:${service.httpPort}/metrics`)).text();
    expect(metrics).toMatch(/^gantry_broker_below_floor\{[^}]*\} 1$/m);
    expect(lines.filter((line) => line.includes('older than it should be'))).toHaveLength(1);
    await service.close();
  }, 60_000);

  it('refuses to start with files that do not belong together', async () => {
    const { key } = broker.certificates.of('gateway');
    await expect(start({ GANTRY_BROKER_KEY: key })).rejects.toMatchObject({ kind: 'config' });
  });
});
