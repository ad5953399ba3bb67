import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Controller, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BuildObserved, type Message } from '@gantry/contracts';
import { RpmRepository, startBroker, waitUntil, Workspace, type Broker } from '@gantry/lab';
import { loadConfig, OnMessage, runService, type RunningService } from '@gantry/service-kit';
import { BuildWatcherModule } from '../src/build-watcher.module.js';
import { BuildWatcherConfig } from '../src/config.js';

const LIMIT = 90_000;
let heard: Message<'build.observed'>[] = [];

@Controller()
class HearingController {
  @OnMessage(BuildObserved)
  hear(@Payload() message: Message<'build.observed'>): Promise<void> {
    heard.push(message);
    return Promise.resolve();
  }
}

@Module({ controllers: [HearingController] })
class HearingModule {}

describe('build-watcher, on a real repository and a real broker', () => {
  let broker: Broker;
  let workspace: Workspace;
  let repository: RpmRepository;
  let consumer: RunningService;
  let watcher: RunningService | undefined;

  const configOf = (login: string, url: string, reannounceMs = 60_000) =>
    loadConfig(BuildWatcherConfig, {
      GANTRY_BROKER_URIS: `stomp://${broker.host}:${broker.port}`,
      GANTRY_BROKER_LOGIN: login,
      GANTRY_BROKER_PASSCODE: broker.credentials(login).passcode,
      GANTRY_LOG_LEVEL: 'error',
      GANTRY_REANNOUNCE_MS: String(reannounceMs),
      GANTRY_REPOSITORIES: JSON.stringify([{ name: 'lab', url, packages: ['shop'], pollMs: 100 }]),
    });
  const watch = async (url = repository.url, reannounceMs?: number) => {
    watcher = await runService({
      name: 'build-watcher',
      config: configOf('build-watcher', url, reannounceMs),
      module: BuildWatcherModule,
      families: [],
      writeLog: () => undefined,
    });
  };
  const evrs = (): readonly string[] => heard.map(({ data }) => data.evr);
  const failures = async (): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${String(watcher?.httpPort)}/metrics`);
    const line = /^gantry_repository_failures_total\{[^}]*\} (\d+)/m.exec(await response.text());
    return Number(line?.[1] ?? 0);
  };
  const eventually = (condition: () => boolean | Promise<boolean>, what: string) =>
    waitUntil(condition, {
      deadlineMs: 30_000,
      onTimeout: () => new Error(`waited for ${what}; heard ${evrs().join(', ')}`),
    });

  beforeAll(async () => {
    broker = await startBroker();
    consumer = await runService({
      name: 'orchestrator',
      config: configOf('orchestrator', 'file:///none'),
      module: HearingModule,
      families: ['builds'],
      writeLog: () => undefined,
    });
  }, LIMIT);
  afterAll(async () => {
    await consumer.close();
    await broker.stop();
  }, LIMIT);

  beforeEach(async () => {
    heard = [];
    workspace = await Workspace.open();
    repository = await RpmRepository.start({ workspace });
  }, LIMIT);
  afterEach(async () => {
    await watcher?.close();
    watcher = undefined;
    await repository.stop();
    await workspace.close();
  }, LIMIT);

  it(
    'announces what is there at the start, then what is new, with the sum that rpm has',
    async () => {
      const first = await repository.publish({ version: '1.0.0' });
      await watch();
      await eventually(() => heard.length === 1, 'the first build');
      expect(heard[0]).toMatchObject({
        subject: 'build-shop-1.0.0-1',
        data: {
          repository: 'lab',
          name: 'shop',
          evr: '1.0.0-1',
          arch: 'noarch',
          sha256: first.sha256,
          location: first.fileName,
        },
      });
      const second = await repository.publish({ version: '1.1.0' });
      await eventually(() => heard.length === 2, 'the second build');
      expect(heard[1]?.data).toMatchObject({ evr: '1.1.0-1', sha256: second.sha256 });
      await repository.remove(first.fileName);
      await repository.publish({ version: '1.2.0' });
      await eventually(() => heard.length === 3, 'the third build');
      expect(evrs()).toEqual(['1.0.0-1', '1.1.0-1', '1.2.0-1']);
    },
    LIMIT,
  );

  it(
    'reads a repository on disk, and tells other packages and other forms apart',
    async () => {
      await repository.publishMarkers();
      await repository.publish({ version: '1.0.0' });
      await watch(pathToFileURL(repository.folder).href);
      await eventually(() => heard.length === 1, 'the build');
      expect(evrs()).toEqual(['1.0.0-1']);
    },
    LIMIT,
  );

  it(
    'takes up again where it was when the repository is away, empty or broken for a while',
    async () => {
      await repository.publish({ version: '1.0.0' });
      await watch();
      await eventually(() => heard.length === 1, 'the first build');
      await repository.down();
      await eventually(async () => (await failures()) > 0, 'a look that fails');
      await repository.up();
      const repodata = join(repository.folder, 'repodata');
      for (const file of await readdir(repodata)) {
        if (file.startsWith('repomd'))
          await writeFile(join(repodata, file), '<!DOCTYPE x><repomd/>');
        else await rm(join(repodata, file), { recursive: true });
      }
      await rm(repodata, { recursive: true });
      await mkdir(repodata);
      const before = await failures();
      await eventually(async () => (await failures()) > before, 'a look at nothing');
      await repository.publish({ version: '1.1.0' });
      await eventually(() => evrs().includes('1.1.0-1'), 'the second build');
      expect(evrs()).toEqual(['1.0.0-1', '1.1.0-1']);
    },
    LIMIT,
  );

  it(
    'announces everything again from time to time, and after the broker lost what it had',
    async () => {
      await repository.publish({ version: '1.0.0' });
      await watch(repository.url, 1_000);
      await eventually(() => heard.length >= 2, 'the build, twice');
      await broker.kill9();
      await broker.wipe();
      heard = [];
      await broker.up();
      await eventually(() => evrs().includes('1.0.0-1'), 'the build after the broker came back');
    },
    LIMIT,
  );
});
