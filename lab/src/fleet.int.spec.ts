import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FleetHost } from './fleet-host.js';
import { Haproxy } from './haproxy.js';
import { leftoversOf } from './leftovers.js';
import { Network } from './network.js';
import { RpmRepository } from './rpm-repository.js';
import { Traffic } from './traffic.js';
import { waitUntil } from './wait-until.js';
import { Workspace } from './workspace.js';

const MINUTE = 60_000;
const late = () => new Error('it never came true');

describe('two hosts behind HAProxy', () => {
  let workspace: Workspace;
  let network: Network;
  let repository: RpmRepository;
  let hosts: FleetHost[];
  let haproxy: Haproxy;

  const install = (host: FleetHost, build: string) =>
    host.run(['dnf', '-y', '-q', '--refresh', 'install', build]);

  beforeAll(async () => {
    workspace = await Workspace.open();
    network = await Network.start(workspace);
    repository = await RpmRepository.start({ workspace, address: network.gateway });
    await repository.publish({ version: '1.0.0' });
    const shared = { workspace, network, domain: 'lab', repositoryUrl: repository.url };
    hosts = await Promise.all(
      [1, 2].map((number) => FleetHost.create({ ...shared, name: `web${number}`, number })),
    );
    for (const host of hosts) {
      await install(host, 'shop');
      await host.run(['/opt/shop/ctl', 'start']);
    }
    const members = hosts.map(({ name, address }) => ({ name, address, port: 8080 }));
    haproxy = await Haproxy.start({ workspace, pools: [{ name: 'shop', members }] });
    await haproxy.waitForInService('shop', 2);
  }, 2 * MINUTE);

  afterAll(async () => {
    await haproxy.stop();
    for (const host of hosts) await host.stop();
    await repository.stop();
    await network.stop();
    await workspace.close();
  });

  it(
    'gives every host its own name, package database and processes',
    async () => {
      const [first, second] = hosts as [FleetHost, FleetHost];
      await repository.publish({ version: '1.1.0' });
      await install(first, 'shop-1.1.0-1');

      expect(await first.installedVersion('shop')).toBe('1.1.0-1');
      expect(await second.installedVersion('shop')).toBe('1.0.0-1');
      expect(await first.run(['hostname'])).toBe('web1');
      expect((await first.exec(['test', '-w', '/usr/bin'])).exitCode).not.toBe(0);

      const sleeper = await first.startProcess(['sleep', '600']);
      expect((await second.run(['ps', 'ax'])).includes('sleep 600')).toBe(false);
      sleeper.kill('SIGKILL');
      await sleeper.exited;
      expect((await first.run(['ps', 'ax'])).includes('sleep 600')).toBe(false);
    },
    MINUTE,
  );

  it(
    'shows customers nothing while a drained host restarts, and counts a wrong version',
    async () => {
      const traffic = new Traffic({ url: haproxy.url('shop'), versions: ['1.0.0-1'], slowMs: 200 });
      const watch = haproxy.watchInService('shop');
      const asked = (host: string) => traffic.report().byHost[host] ?? 0;
      await waitUntil(() => asked('web1') > 5 && asked('web2') > 5, {
        deadlineMs: MINUTE,
        onTimeout: late,
      });

      await haproxy.command('set server shop/web1 state drain');
      await waitUntil(() => watch.lowest === 1, { deadlineMs: MINUTE, onTimeout: late });
      await hosts[0]!.run(['/opt/shop/ctl', 'restart']);
      const before = traffic.report();
      await haproxy.command('set server shop/web1 state ready');
      await waitUntil(() => traffic.report().wrong > 0, { deadlineMs: MINUTE, onTimeout: late });

      const report = await traffic.stop();
      expect(before.wrong).toBe(0);
      expect(report.failed).toBe(0);
      expect(report.problems[0]?.problem).toBe('version 1.1.0-1 from web1');
    },
    2 * MINUTE,
  );

  it(
    'loses a host whose power is cut, and finds it again with its disk',
    async () => {
      const [first] = hosts as [FleetHost];
      await haproxy.waitForInService('shop', 2);
      const watch = haproxy.watchInService('shop');

      await first.kill();
      await expect(first.run(['true'])).rejects.toThrow('the host is off');
      await waitUntil(() => watch.lowest === 1, { deadlineMs: MINUTE, onTimeout: late });
      await first.up();

      await haproxy.waitForInService('shop', 2);
      expect(await first.installedVersion('shop')).toBe('1.1.0-1');
    },
    2 * MINUTE,
  );

  it(
    'forgets what was set at run time when it reloads',
    async () => {
      await haproxy.command('set server shop/web2 state maint');
      await haproxy.reload();
      await haproxy.waitForInService('shop', 2);
      expect((await haproxy.members('shop')).map((member) => member.administrative)).toEqual([
        0, 0,
      ]);
    },
    MINUTE,
  );

  it(
    'serves the repository, refuses while down, and answers unchanged metadata with 304',
    async () => {
      const url = `${repository.url}/repodata/repomd.xml`;
      const tag = (await fetch(url)).headers.get('etag') ?? '';
      expect((await fetch(url, { headers: { 'if-none-match': tag } })).status).toBe(304);
      await repository.down();
      await expect(fetch(url)).rejects.toThrow('fetch failed');
      await repository.up();
      expect((await fetch(url)).status).toBe(200);
    },
    MINUTE,
  );

  it(
    'leaves no process, link or folder',
    async () => {
      await haproxy.stop();
      for (const host of hosts) await host.stop();
      await repository.stop();
      await network.stop();
      await workspace.close();
      expect(await leftoversOf(workspace)).toEqual([]);
    },
    MINUTE,
  );
});
