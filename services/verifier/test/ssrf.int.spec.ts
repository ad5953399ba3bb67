import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { messageOf } from '@gantry/service-kit';
import { HttpDriver } from '../src/drivers/http/http.driver.js';
import { JenkinsHttp } from '../src/drivers/jenkins/jenkins-http.js';
import { PrometheusDriver } from '../src/drivers/prometheus/prometheus.driver.js';
import { localHttp, runDriver } from './driver-bench.js';
import { TracedServer } from './traced-server.js';

/** Every name leads to the trap here: what counts is what is done with the address. */
const toLoopback = (): Promise<readonly string[]> => Promise.resolve(['127.0.0.1']);

const hosts = [
  // Loopback in every spelling a URL parser or resolver may take.
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.127.127.127',
    '127.0.0.2',
    '2130706433',
    '017700000001',
  ],
  ...[
    '0x7f000001',
    '0x7f.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '0177.0x0.0.01',
    '127.0.0.1.',
    '0x7F000001.',
  ],
  ...['00000177.1', '127.0x1', '%31%32%37.0.0.1', '127%2e0%2e0%2e1', '127。0。0。1', '127.0.0。1'],
  ...['①②⑦.⓪.⓪.①', '１２７.０.０.１', '𝟏𝟐𝟕.𝟎.𝟎.𝟏', '٠x7f.1'],
  // Nothing, which means oneself.
  ...['0.0.0.0', '0', '0x0', '0.0', '000.000.000.000', '[::]', '[0:0:0:0:0:0:0:0]'],
  // IPv6, plain, mapped, translated, tunnelled.
  ...['[::1]', '[0:0:0:0:0:0:0:1]', '[0000::0001]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
  ...[
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
  ],
  ...[
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fd00::1]',
    '[fec0::1]',
  ],
  // Names that lead inside.
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'ｌｏｃａｌｈｏｓｔ',
    'foo.localhost',
    'localhost.localdomain',
  ],
  ...['ip6-localhost', 'internal_host.example.com', '-dash.example.com', '127.0.0.1.nip.io'],
  ...['metadata.google.internal', 'xn--localhost-.example.com', `${'a'.repeat(63)}.example.com`],
  ...[`${'a.'.repeat(120)}example.com`],
];
const whole = (port: number): readonly string[] => [
  ...hosts.map((host) => `http://${host}:${port}/`),
  `https://127.0.0.1:${port}/`,
  `http:127.0.0.1:${port}/`,
  `http:\\\\127.0.0.1:${port}\\`,
  `http:///127.0.0.1:${port}/`,
  ` http://127.0.0.1:${port}/ `,
  `HTTP://127.0.0.1:${port}/`,
  `http://example.com@127.0.0.1:${port}/`,
  `http://example.com:80@127.0.0.1:${port}/`,
  `http://127.0.0.1:${port}#@example.com/`,
  `http://127.0.0.1:${port}?@example.com/`,
  `http://example.com%00@127.0.0.1:${port}/`,
  `http://example.com\\@127.0.0.1:${port}/`,
  `http://127.0.0.1\t:${port}/`,
  `http://127.0.\n0.1:${port}/`,
  `http://127.0.0.1:0${port}/`,
  `http://127.0.0.1:${port}/${'x'.repeat(5_000)}`,
  `file:///etc/passwd`,
  `file://127.0.0.1:${port}/`,
  `gopher://127.0.0.1:${port}/_GET`,
  `ftp://127.0.0.1:${port}/`,
  `dict://127.0.0.1:${port}/`,
  `ldap://127.0.0.1:${port}/`,
  `ws://127.0.0.1:${port}/`,
  `jar:http://127.0.0.1:${port}!/`,
  `data:text/plain,hello`,
  `blob:http://127.0.0.1:${port}/x`,
  `javascript:fetch("http://127.0.0.1:${port}")`,
  `//127.0.0.1:${port}/`,
  `127.0.0.1:${port}`,
  '',
];
/** On port 80, where no trap can be on this machine: these must be refused by what they are. */
const elsewhere = [
  'http://169.254.169.254/latest/meta-data/',
  'http://[::ffff:169.254.169.254]/',
  'http://2852039166/',
  'http://0xA9FEA9FE/',
  'http://169.254.43518/',
  'http://100.100.100.200/',
  'http://168.63.129.16/',
  'http://192.0.0.192/',
  'http://[fd00:ec2::254]/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.0.1/',
  'http://100.64.0.1/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
];

describe('H-021 URLs that lead inside', () => {
  let traps: Server[];
  let port: number;
  let caught: number;

  beforeAll(async () => {
    const count = (): void => void (caught += 1);
    const everywhere = createServer((socket) => socket.destroy()).on('connection', count);
    everywhere.listen(0, '::');
    await once(everywhere, 'listening');
    port = (everywhere.address() as AddressInfo).port;
    traps = [everywhere];
  });
  afterAll(() => {
    for (const trap of traps) trap.close();
  });
  beforeEach(() => {
    caught = 0;
  });

  const askOf = (url: string, resolve = toLoopback, allow = '') =>
    localHttp(allow, resolve).ask({
      url,
      method: 'GET',
      timeoutMs: 2_000,
      signal: new AbortController().signal,
    });
  const refusalOf = (url: string): Promise<string> =>
    askOf(url).then(
      ({ status }) => `answered with ${status}`,
      (error: unknown) => (error as { code?: string }).code ?? messageOf(error),
    );

  it('are more than sixty', () => {
    expect(new Set([...whole(port), ...elsewhere]).size).toBeGreaterThan(60);
  });

  it('the trap catches what is allowed to come: it is able to', async () => {
    await askOf(`http://127.0.0.1:${port}/`, toLoopback, '127.0.0.1').catch(() => undefined);
    await askOf(`http://[::1]:${port}/`, toLoopback, '::1').catch(() => undefined);
    await askOf(`http://some.name:${port}/`, toLoopback, 'some.name').catch(() => undefined);
    expect(caught).toBe(3);
  });

  it('are refused one and all, and nothing connects', async () => {
    const urls = [...whole(port), ...elsewhere];
    const said = await Promise.all(urls.map(async (url) => [url, await refusalOf(url)] as const));
    expect(said.filter(([, code]) => code !== 'gate.address-refused')).toEqual([]);
    expect(caught).toBe(0);
  });

  it('are refused as the system resolves them', async () => {
    for (const host of ['localhost', 'ip6-localhost', 'foo.localhost']) {
      const asked = localHttp('').ask({
        url: `http://${host}:${port}/`,
        method: 'GET',
        timeoutMs: 2_000,
        signal: new AbortController().signal,
      });
      await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/^gate\./) });
    }
    expect(caught).toBe(0);
  });

  it('one bad address among good ones is enough', async () => {
    const mixed = () => Promise.resolve(['8.8.8.8', '127.0.0.1']);
    await expect(askOf(`http://mixed.example:${port}/`, mixed)).rejects.toMatchObject({
      code: 'gate.address-refused',
    });
    expect(caught).toBe(0);
  });

  it('a name that leads elsewhere the next time: the checked address is asked, and the next check refuses', async () => {
    const good = await TracedServer.start(() => ({ status: 500 }), { host: '127.0.0.2' });
    const trap = await TracedServer.start(() => ({}), { port: good.port });
    let times = 0;
    const rebinding = () => Promise.resolve([(times += 1) === 1 ? '127.0.0.2' : '127.0.0.1']);
    const driver = new HttpDriver(localHttp('127.0.0.2', rebinding));
    const url = `http://rebinding.example:${good.port}/`;
    const outcome = await runDriver(driver, {
      kind: 'http',
      url,
      intervalMs: 50,
      deadlineMs: 5_000,
    });
    await Promise.all([good.stop(), trap.stop()]);
    expect(outcome).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('GANTRY_GATE_ALLOW'),
    });
    expect({ asked: good.asked.length, times, trapped: trap.connections }).toEqual({
      asked: 1,
      times: 2,
      trapped: 0,
    });
  });

  it.each([301, 302, 303, 307, 308])(
    'a redirect (%d) inside is an answer, not a way',
    async (status) => {
      const headers = { Location: `http://127.0.0.1:${port}/` };
      const redirecting = await TracedServer.start(() => ({ status, headers }), {
        host: '127.0.0.2',
      });
      const http = localHttp('127.0.0.2');
      const { url } = redirecting;
      const gate = { url, deadlineMs: 300, intervalMs: 100 };
      const asHttp = await runDriver(new HttpDriver(http), { kind: 'http', ...gate });
      expect(asHttp).toMatchObject({ verdict: 'fail', evidence: { status } });
      const prometheus = new PrometheusDriver(http, { now: () => new Date() });
      const threshold = { op: '<', value: 1 };
      await runDriver(prometheus, {
        kind: 'prometheus',
        ...gate,
        query: 'q',
        threshold,
        windowMs: 0,
      });
      const jenkins = new JenkinsHttp(http, url, { user: 'u', token: 't' });
      const { signal } = new AbortController();
      await jenkins.post('job/x/buildWithParameters', { signal }).catch(() => undefined);
      await redirecting.stop();
      expect(redirecting.asked.length).toBeGreaterThan(2);
      expect(caught).toBe(0);
    },
  );
});
