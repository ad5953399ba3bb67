import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { boot, type Booted } from '../../test/boot.js';
import { acceptAll, expectProblem, good, postTo } from '../../test/calls.js';

let gateway: Booted;
beforeAll(async () => {
  gateway = await boot();
});
afterAll(() => gateway.close());
afterEach(() => gateway.bus.reset());

const ID = '0190a0c4-1111-7000-8000-000000000001';

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  postTo(gateway, path, body, headers);

describe('POST /deployments', () => {
  it('gives the command to the orchestrator and says where the deployment is', async () => {
    acceptAll(gateway);
    const response = await post('/api/v1/deployments', {
      ...good,
      accept: ['downgrade'],
      confirmEnvironment: 'production',
    });
    expect(response.status).toBe(201);
    const { id, outcome } = (await response.json()) as { id: string; outcome: string };
    expect(outcome).toBe('accepted');
    expect(response.headers.get('location')).toBe(`/api/v1/deployments/${id}`);
    expect(gateway.bus.commands).toEqual([
      {
        type: 'deployment.request',
        data: {
          ...good,
          accept: ['downgrade'],
          confirmEnvironment: 'production',
          deploymentId: id,
        },
        options: { actor: 'local-operator', subject: `deployment-${id}`, timeoutMs: 10_000 },
      },
    ]);
  });

  it('says why a command was ignored', async () => {
    gateway.bus.on('deployment.request', () => ({ outcome: 'ignored', because: 'It is known.' }));
    const response = await post('/api/v1/deployments', good);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ outcome: 'ignored', because: 'It is known.' });
  });

  it.each([
    ['invalid', 400],
    ['not-found', 404],
    ['conflict', 409],
    ['unprocessable', 422],
    ['unavailable', 503],
  ])('hands a refusal "%s" over as %d, with what to do', async (status, http) => {
    const findings = [
      { severity: 'confirm', code: 'downgrade', message: 'Older.', todo: 'Accept it.' },
    ];
    const refusal = {
      outcome: 'refused',
      code: 'guard.downgrade',
      message: 'It is older.',
      todo: 'Accept downgrade.',
      status,
      findings,
    };
    gateway.bus.on('deployment.request', () => refusal);
    const body = await expectProblem(
      await post('/api/v1/deployments', good),
      http,
      'guard.downgrade',
    );
    expect(body).toMatchObject({ detail: 'It is older.', todo: 'Accept downgrade.', findings });
  });

  it('says what is known and what to do when the orchestrator is silent', async () => {
    const response = await post('/api/v1/deployments', good, { 'idempotency-key': 'k-silent' });
    const body = await expectProblem(response, 503, 'command.no-answer');
    expect(body['todo']).toContain('same Idempotency-Key');
    expect(response.headers.get('retry-after')).toBe('2');
  });

  it('does not pass on what it does not understand', async () => {
    gateway.bus.on('deployment.request', () => ({ outcome: 'great' }));
    await expectProblem(await post('/api/v1/deployments', good), 502, 'command.unreadable-answer');
  });

  it('says nothing of its inside when it fails, but logs it', async () => {
    gateway.bus.on('deployment.request', () => {
      throw new Error('secret of the inside');
    });
    const body = await expectProblem(await post('/api/v1/deployments', good), 500, 'gateway.bug');
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(gateway.logged.join()).toContain('secret of the inside');
  });
});

describe('commands to a deployment that goes on', () => {
  it.each(['skip', 'retry'])('%s of one host', async (action) => {
    acceptAll(gateway, `deployment.${action}-host`);
    const path = `/api/v1/deployments/${ID}/hosts/web1.lab/${action}`;
    expect((await post(path, { reason: 'look' })).status).toBe(202);
    expect(gateway.bus.commands).toMatchObject([
      {
        type: `deployment.${action}-host`,
        data: { deploymentId: ID, host: 'web1.lab', reason: 'look' },
        options: { subject: `deployment-${ID}` },
      },
    ]);
  });

  it('other limits, one of them or both', async () => {
    acceptAll(gateway, 'deployment.change-limits');
    const limits = { maxOutOfService: 3, reason: 'a quiet night' };
    expect((await post(`/api/v1/deployments/${ID}/limits`, limits)).status).toBe(202);
    expect(gateway.bus.commands).toMatchObject([{ data: { ...limits, deploymentId: ID } }]);
  });

  it.each([
    ['hosts/web1.lab/skip', {}],
    ['hosts/web1.lab/enable', { reason: 'look' }],
    ['hosts/WEB1;rm/skip', { reason: 'look' }],
    ['limits', { reason: 'look' }],
    ['limits', { maxOutOfService: 0, reason: 'look' }],
    ['limits', { failureBudget: -1, reason: 'look' }],
    ['limits', { maxOutOfService: 3, minPercent: 0, reason: 'look' }],
  ])('refuses %s %j, and asks nobody', async (path, body) => {
    await expectProblem(
      await post(`/api/v1/deployments/${ID}/${path}`, body),
      400,
      'request.invalid',
    );
    expect(gateway.bus.commands).toEqual([]);
  });
});

describe('a parked message', () => {
  const KEY = 'parked.lb-controller.ID_host-1_2_3';

  it.each(['replay', 'drop'])('%s', async (action) => {
    acceptAll(gateway, `parked.${action}`);
    const response = await post(`/api/v1/parked/${KEY}/${action}`, { reason: 'mended' });
    expect(response.status).toBe(202);
    expect(gateway.bus.commands).toMatchObject([
      {
        type: `parked.${action}`,
        data: { key: KEY, reason: 'mended' },
        options: { subject: 'parked-lb-controller' },
      },
    ]);
  });

  it.each([
    [`${KEY}/purge`, { reason: 'x' }],
    ['parked.nobody/drop', { reason: 'x' }],
    [`${KEY}/drop`, {}],
  ])('refuses %s %j, and asks nobody', async (path, body) => {
    await expectProblem(await post(`/api/v1/parked/${path}`, body), 400, 'request.invalid');
    expect(gateway.bus.commands).toEqual([]);
  });
});

describe('a listener that lost its journal', () => {
  it.each([
    [{ reason: 'new disk' }, 'agent', 'listener-web1.lab'],
    [{ reason: 'new disk', role: 'publisher' }, 'publisher', 'listener-publisher.web1.lab'],
  ])('begins anew: %j', async (body, role, subject) => {
    acceptAll(gateway, 'listener.resync');
    const response = await post('/api/v1/hosts/web1.lab/resync', body);
    expect(response.status).toBe(202);
    expect(gateway.bus.commands).toMatchObject([
      {
        type: 'listener.resync',
        data: { host: 'web1.lab', role, reason: 'new disk' },
        options: { subject },
      },
    ]);
  });

  it.each([
    ['web1.lab', {}],
    ['web1.lab', { reason: 'x', role: 'root' }],
    ['WEB1..%2f', { reason: 'x' }],
  ])('refuses %s %j, and asks nobody', async (host, body) => {
    await expectProblem(await post(`/api/v1/hosts/${host}/resync`, body), 400, 'request.invalid');
    expect(gateway.bus.commands).toEqual([]);
  });
});

describe('other commands', () => {
  it.each(['pause', 'resume', 'cancel', 'rollback'])('%s', async (action) => {
    acceptAll(gateway, `deployment.${action}`);
    const response = await post(`/api/v1/deployments/${ID.toUpperCase()}/${action}`, {
      reason: ' look ',
    });
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/api/v1/deployments/${ID}`);
    expect(gateway.bus.commands).toMatchObject([
      {
        type: `deployment.${action}`,
        data: { deploymentId: ID, reason: 'look' },
        options: { subject: `deployment-${ID}` },
      },
    ]);
  });

  it('refresh, with modest defaults', async () => {
    acceptAll(gateway, 'refresh.request');
    const response = await post('/api/v1/refreshes', { hosts: ['web1', 'web2'], reason: 'drift' });
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as { id: string };
    expect(response.headers.get('location')).toBe(`/api/v1/refreshes/${id}`);
    expect(gateway.bus.commands[0]?.data).toEqual({
      refreshId: id,
      hosts: ['web1', 'web2'],
      reason: 'drift',
      noop: false,
      concurrency: 5,
    });
  });

  it('lift a quarantine, of versions with every sign a version may have', async () => {
    acceptAll(gateway, 'build.lift-quarantine');
    const response = await post('/api/v1/builds/shop/1%3A1.2.0~rc1-1/lift-quarantine', {
      reason: 'ok',
    });
    expect(response.status).toBe(202);
    expect(gateway.bus.commands).toMatchObject([
      {
        data: { name: 'shop', evr: '1:1.2.0~rc1-1', reason: 'ok' },
        options: { subject: 'build-shop-1_3a1.2.0_7erc1-1' },
      },
    ]);
  });
});
