import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { boot, type Booted } from '../../test/boot.js';
import { expectProblem, good, postTo, raw, type Body } from '../../test/calls.js';

let gateway: Booted;
beforeAll(async () => {
  gateway = await boot();
});
afterAll(() => gateway.close());
afterEach(() => gateway.bus.reset());

const ID = '0190a0c4-1111-7000-8000-000000000001';

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  postTo(gateway, path, body, headers);

describe('bad input changes nothing', () => {
  afterEach(() => expect(gateway.bus.asked).toEqual([]));
  const long = 'x'.repeat(501);
  const invalid: [string, Body | string][] = [
    ['no application', { ...good, application: undefined }],
    ['an empty application', { ...good, application: '' }],
    ['a path as application', { ...good, application: '../../etc/passwd' }],
    ['a shell command as application', { ...good, application: 'shop;rm -rf' }],
    ['a header in an application', { ...good, application: 'shop\nx: y' }],
    ['look-alike letters in the environment', { ...good, environment: 'pr\u043ed' }],
    ['an over-long environment', { ...good, environment: 'p'.repeat(64) }],
    ['a version without release', { ...good, evr: '1.2.0' }],
    ['a version with epoch 0', { ...good, evr: '0:1.2.0-1' }],
    ['a version with an option in it', { ...good, evr: '--version 1-1' }],
    ['a version as number', { ...good, evr: 1.2 }],
    ['an empty reason', { ...good, reason: '   ' }],
    ['an over-long reason', { ...good, reason: long }],
    ['too many accepted codes', { ...good, accept: Array(51).fill('x') }],
    ['a field nobody knows', { ...good, approved: true }],
    ['a deployment id of the caller', { ...good, deploymentId: ID }],
    ['another requester', { ...good, requestedBy: 'root' }],
    ['an array', '[]'],
    ['a text', '"shop"'],
    ['null', 'null'],
  ];
  it.each(invalid)('refuses %s', async (_what, body) => {
    await expectProblem(await post('/api/v1/deployments', body), 400, 'request.invalid');
  });

  it('says where the input is wrong, without echoing it', async () => {
    const hostile = '<script>alert(1)</script>';
    const body = await expectProblem(
      await post('/api/v1/deployments', { ...good, application: hostile }),
      400,
      'request.invalid',
    );
    expect(body['errors']).toEqual([
      { path: 'body.application', message: 'lower-case letters, digits and hyphens, at most 63' },
    ]);
    expect(JSON.stringify(body)).not.toContain('script');
  });

  const unreadable: [string, string | Uint8Array][] = [
    ['nothing', ''],
    ['half a body', '{"application":'],
    ['duplicate keys', '{"application":"shop","application":"bank"}'],
    ['a prototype key', JSON.stringify(good).replace('{', '{"__proto__":{"admin":true},')],
    ['a NUL', JSON.stringify({ ...good, reason: 'a\u0000b' })],
    ['a terminal escape', JSON.stringify({ ...good, reason: '\u001b[2J' })],
    ['depth 30,000', '['.repeat(30_000)],
    ['1e400', '{"concurrency":1e400}'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
  ];
  it.each(unreadable)('refuses %s', async (_what, body) => {
    await expectProblem(await post('/api/v1/deployments', body), 400, 'request.bad-json');
  });

  it('refuses a body that is too large, announced or not', async () => {
    const large = JSON.stringify({ ...good, reason: 'x'.repeat(70_000) });
    await expectProblem(await post('/api/v1/deployments', large), 413, 'request.too-large');
    const response = await fetch(`${gateway.url}/api/v1/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    });
    await expectProblem(response, 413, 'request.too-large');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/json; charset=utf-16',
  ])('refuses %s', async (type) => {
    await expectProblem(
      await post('/api/v1/deployments', good, { 'content-type': type }),
      415,
      'request.not-json',
    );
  });

  it('refuses a compressed body', async () => {
    await expectProblem(
      await post('/api/v1/deployments', good, { 'content-encoding': 'gzip' }),
      415,
      'request.not-json',
    );
  });

  it.each([
    ['empty', ''],
    ['of 10 KB', 'k'.repeat(10_000)],
    ['with spaces', 'a b'],
    ['with other than ASCII', 'sch\u00f6n'],
  ])('refuses an idempotency key %s', async (_what, key) => {
    await expectProblem(
      await post('/api/v1/deployments', good, { 'idempotency-key': key }),
      400,
      'request.invalid',
    );
  });

  it.each(['x', '..%2f..%2fetc%2fpasswd', `${ID}%00`, '%20', "1'%20or%20'1'='1", `${ID}0`])(
    'refuses the id %s',
    async (id) => {
      await expectProblem(
        await post(`/api/v1/deployments/${id}/pause`, { reason: 'x' }),
        400,
        'request.invalid',
      );
    },
  );

  it('refuses an id that is not even percent-encoded', async () => {
    await expectProblem(
      await post('/api/v1/deployments/%zz/pause', { reason: 'x' }),
      400,
      'request.invalid',
    );
  });

  it.each(['', '?', 'approve', 'constructor', '__proto__'])(
    'knows no action "%s"',
    async (action) => {
      const response = await post(`/api/v1/deployments/${ID}/${action}`, { reason: 'x' });
      expect([400, 404]).toContain(response.status);
    },
  );

  it('wants a reason for every action', async () => {
    await expectProblem(await post(`/api/v1/deployments/${ID}/cancel`, {}), 400, 'request.invalid');
    await expectProblem(
      await post(`/api/v1/deployments/${ID}/cancel`, ''),
      400,
      'request.bad-json',
    );
  });

  it('takes no parameters in a command\u2019s address', async () => {
    await expectProblem(await post('/api/v1/deployments?force=true', good), 400, 'request.invalid');
  });

  it.each([
    ['a foreign page', { origin: 'https://evil.example' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a page without origin', { origin: 'null' }],
    ['what a browser says is cross-site', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses commands of %s', async (_what, headers) => {
    const answer = await raw(gateway, {
      'content-type': 'application/json',
      ...(headers as Record<string, string>),
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'request.foreign-origin' } });
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '127.0.0.1@evil',
  ])('does not answer to the name "%s"', async (host) => {
    const json = { 'content-type': 'application/json', host };
    const answer = await raw(gateway, json);
    expect(answer).toMatchObject({ status: 421, body: { code: 'request.unknown-host' } });
    expect((await raw(gateway, { host }, '/', 'GET')).status).toBe(421);
  });

  it.each([
    ['no hosts', { hosts: [] }],
    ['a host twice', { hosts: ['web1', 'web1'] }],
    ['a host that is an option', { hosts: ['--server=evil'] }],
    ['an upper-case host', { hosts: ['WEB1'] }],
    ['noop as a text', { hosts: ['web1'], noop: 'false' }],
    ['no concurrency', { hosts: ['web1'], concurrency: 0 }],
    ['an unsafe number', { hosts: ['web1'], concurrency: 2 ** 53 + 2 }],
    ['half a host at once', { hosts: ['web1'], concurrency: 0.5 }],
  ])('refuses a refresh of %s', async (_what, body) => {
    await expectProblem(
      await post('/api/v1/refreshes', { reason: 'x', ...body }),
      400,
      'request.invalid',
    );
  });

  it('refuses hostile names of builds', async () => {
    for (const path of ['..%2f/1-1', 'shop/1', 'sh%20op/1-1', 'shop/1-1%0a'])
      await expectProblem(
        await post(`/api/v1/builds/${path}/lift-quarantine`, { reason: 'x' }),
        400,
        'request.invalid',
      );
  });

  it('changes nothing on GET', async () => {
    expect((await fetch(`${gateway.url}/api/v1/deployments/${ID}/pause`)).status).toBe(404);
    expect((await fetch(`${gateway.url}/api/v1/refreshes`)).status).toBe(404);
  });
});
