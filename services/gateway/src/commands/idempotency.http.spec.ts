import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { boot, type Booted } from '../../test/boot.js';
import { acceptAll, expectProblem, good, postTo, type Body } from '../../test/calls.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(60_000);

let gateway: Booted;
beforeAll(async () => {
  gateway = await boot();
});
afterAll(() => gateway.close());
afterEach(() => gateway.bus.reset());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  postTo(gateway, path, body, headers);

describe('idempotency keys', () => {
  const withKey = (key: string, body: unknown = good) =>
    post('/api/v1/deployments', body, { 'idempotency-key': key });

  it('make the same ids for the same request, here and after a restart', async () => {
    acceptAll(gateway);
    const first = (await (await withKey('ci-1')).json()) as Body;
    const again = (await (await withKey('ci-1')).json()) as Body;
    const other = (await (await withKey('ci-2')).json()) as Body;
    expect(again).toEqual(first);
    expect(other['id']).not.toBe(first['id']);
    const restarted = await boot();
    restarted.bus.on('deployment.request', () => ({ outcome: 'accepted', subject: 'x' }));
    const after = await fetch(`${restarted.url}/api/v1/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'ci-1' },
      body: JSON.stringify(good),
    });
    expect(await after.json()).toEqual(first);
    const ids = [...gateway.bus.commands, ...restarted.bus.commands].map(
      ({ options }) => options.id,
    );
    await restarted.close();
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(ids[3]).toBe(ids[0]);
  });

  it('are not taken for another request', async () => {
    acceptAll(gateway);
    await withKey('ci-3');
    await expectProblem(
      await withKey('ci-3', { ...good, evr: '1.3.0-1' }),
      422,
      'idempotency.key-reused',
    );
    await expectProblem(
      await post(
        '/api/v1/refreshes',
        { hosts: ['web1'], reason: 'x' },
        { 'idempotency-key': 'ci-3' },
      ),
      422,
      'idempotency.key-reused',
    );
    expect(gateway.bus.commands).toHaveLength(1);
  });

  it('after a restart carry another message id for another body, but the same deployment', async () => {
    const restarted = await boot();
    for (const { bus, url, evr } of [
      { ...gateway, evr: '1.2.0-1' },
      { ...restarted, evr: '1.3.0-1' },
    ]) {
      bus.on('deployment.request', () => ({ outcome: 'accepted', subject: 'x' }));
      await fetch(`${url}/api/v1/deployments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'ci-4' },
        body: JSON.stringify({ ...good, evr }),
      });
    }
    const [here, there] = [gateway.bus.commands[0], restarted.bus.commands[0]];
    await restarted.close();
    expect(there?.data['deploymentId']).toBe(here?.data['deploymentId']);
    expect(there?.options.id).not.toBe(here?.options.id);
  });

  it('make one of 50 requests sent at once', async () => {
    acceptAll(gateway);
    const all = Array.from({ length: 50 }, () => withKey('ci-5'));
    const bodies = await Promise.all(all.map(async (r) => JSON.stringify(await (await r).json())));
    expect(new Set(bodies).size).toBe(1);
    expect(new Set(gateway.bus.commands.map(({ options }) => options.id)).size).toBe(1);
  });
});
