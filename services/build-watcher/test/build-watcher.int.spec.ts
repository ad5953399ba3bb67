import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Controller, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BuildGone, BuildObserved, LookForBuilds, type Message } from '@gantry/contracts';
import { RpmRepository, startBroker, waitUntil, Workspace, type Broker } from '@gantry/lab';
import { loadConfig, OnMessage, runService, type RunningService } from '@gantry/service-kit';
import { BuildWatcherModule } from '../src/build-watcher.module.js';
import { BuildWatcherConfig } from '../src/config.js';
import { GpgKeys } from './gpg-keys.js';

const LIMIT = 90_000;
let heard: Message<'build.observed'>[] = [];
let gone: Message<'build.gone'>[] = [];

@Controller()
class HearingController {
  @OnMessage(BuildObserved)
  hear(@Payload() message: Message<'build.observed'>): Promise<void> {
    heard.push(message);
    return Promise.resolve();
  }

  @OnMessage(BuildGone)
  miss(@Payload() message: Message<'build.gone'>): Promise<void> {
    gone.push(message);
    return Promise.resolve();
  }
}

@Module({ controllers: [HearingController] })
class HearingModule {}

/** Only asks. */
@Module({})
class AskingModule {}

describe('build-watcher, on a real repository and a real broker', () => {
  let broker: Broker;
  let workspace: Workspace;
  let repository: RpmRepository;
  let consumer: RunningService;
  let asker: RunningService;
  let watcher: RunningService | undefined;
  let cursors = '/nowhere';

  interface Ways {
    readonly reannounceMs?: number;
    readonly pollMs?: number;
    readonly packageKeyring?: string;
  }
  const configOf = (
    login: string,
    url: string,
    { reannounceMs = 60_000, pollMs = 100, ...keys }: Ways = {},
  ) =>
    loadConfig(BuildWatcherConfig, {
      ...broker.environment(login),
      GANTRY_LOG_LEVEL: 'error',
      GANTRY_REANNOUNCE_MS: String(reannounceMs),
      GANTRY_CURSOR_DIR: cursors,
      GANTRY_REPOSITORIES: JSON.stringify([
        { name: 'lab', url, packages: ['shop'], pollMs, ...keys },
      ]),
    });
  const watch = async (url = repository.url, times: Ways = {}) => {
    watcher = await runService({
      name: 'build-watcher',
      config: configOf('build-watcher', url, times),
      module: BuildWatcherModule,
      families: ['build.looks'],
      writeLog: () => undefined,
    });
  };
  const evrs = (): readonly string[] => heard.map(({ data }) => data.evr);
  const ask = (path: string) => fetch(`http://127.0.0.1:${String(watcher?.httpPort)}${path}`);
  const failures = async (): Promise<number> => {
    const text = await (await ask('/metrics')).text();
    const lines = text.matchAll(/^gantry_repository_failures_total\{[^}]*\} (\d+)/gm);
    return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
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
    asker = await runService({
      name: 'gateway',
      config: configOf('gateway', 'file:///none'),
      module: AskingModule,
      families: [],
      writeLog: () => undefined,
    });
  }, LIMIT);
  afterAll(async () => {
    await Promise.all([consumer.close(), asker.close()]);
    await broker.stop();
  }, LIMIT);

  beforeEach(async () => {
    heard = [];
    gone = [];
    workspace = await Workspace.open();
    cursors = workspace.path('cursors');
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
          origin: {
            job: 'https://ci.example.net/job/shop/1.0.0/',
            commit: expect.stringMatching(/^[0-9a-f]{40}$/),
            author: 'Anna Lind <anna@example.net>',
          },
        },
      });
      const second = await repository.publish({ version: '1.1.0' });
      await eventually(() => heard.length === 2, 'the second build');
      expect(heard[1]?.data).toMatchObject({ evr: '1.1.0-1', sha256: second.sha256 });
      await repository.remove(first.fileName);
      // createrepo_c counts revisions in seconds, and only a newer one tells that something is gone.
      await eventually(async () => {
        if (gone.length > 0) return true;
        await repository.publish({ version: '1.2.0' });
        return false;
      }, 'that the first build is gone');
      expect(evrs().slice(0, 3)).toEqual(['1.0.0-1', '1.1.0-1', '1.2.0-1']);
      expect(gone.map(({ data }) => data)).toEqual([
        expect.objectContaining({
          repository: 'lab',
          name: 'shop',
          evr: '1.0.0-1',
          sha256: first.sha256,
        }),
      ]);
    },
    LIMIT,
  );

  it(
    'H-080 announces what it found in a package where its repository names the keys of packages',
    async () => {
      await repository.publish({ version: '1.0.0' });
      const keys = await GpgKeys.make(await workspace.folder('keys'));
      const packageKeyring = await keys.keyring('good', { armored: true });
      await keys.close();
      await watch(repository.url, { packageKeyring });
      await eventually(() => heard.length === 1, 'the build');
      expect(heard[0]?.data.inspection).toEqual({ signature: { verdict: 'unsigned' } });
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
    'F-092 H-023 shows as of when its view is, and looks at once when it is told to',
    async () => {
      await repository.publish({ version: '1.0.0' });
      await watch(repository.url, { pollMs: 3_600_000 });
      await eventually(() => heard.length === 1, 'the first build');
      expect(await (await ask('/repositories')).json()).toMatchObject([
        { repository: 'lab', builds: 1, asOf: expect.stringMatching(/^20.*Z$/) },
      ]);
      const look = () =>
        asker.bus.publish(LookForBuilds, { repository: 'lab' }, { subject: 'builds-lab' });
      await repository.publish({ version: '1.1.0' });
      await asker.bus.publish(LookForBuilds, { repository: 'other' }, { subject: 'builds-other' });
      await look();
      await eventually(() => heard.length === 2, 'the second build');
      await repository.down();
      await look();
      await eventually(async () => (await failures()) > 0, 'a look that fails');
      expect(await (await ask('/repositories')).json()).toMatchObject([
        { builds: 2, problem: expect.stringContaining('cannot be read') },
      ]);
      expect(gone).toEqual([]);
    },
    LIMIT,
  );

  it(
    'F-090 F-092 takes up again where it was when the repository is away, empty or broken for a while',
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
      await watch(repository.url, { reannounceMs: 1_000 });
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
