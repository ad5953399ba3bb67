import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { boot, type Booted } from '../../test/boot.js';
import { acceptAll, expectProblem, good, postTo } from '../../test/calls.js';
import { deploymentView } from '../../test/views.js';

const ID = '0190a0c4-1111-7000-8000-000000000001';
let gateway: Booted;
beforeAll(async () => {
  gateway = await boot();
});
afterAll(() => gateway.close());
afterEach(() => gateway.bus.reset());
const get = (path: string): Promise<Response> => fetch(gateway.url + path);

describe('reading', () => {
  it('answers one deployment as audit shows it', async () => {
    const item = deploymentView(ID);
    gateway.bus.on('audit.deployment.get', () => ({ position: '1', item }));
    const response = await get(`/api/v1/deployments/${ID}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(item);
  });

  it('says that there is no such thing', async () => {
    gateway.bus
      .on('audit.deployment.get', () => ({ position: '1', item: null }))
      .on('audit.refresh.get', () => ({ position: '1', item: null }));
    await expectProblem(await get(`/api/v1/deployments/${ID}`), 404, 'deployment.not-found');
    await expectProblem(await get(`/api/v1/refreshes/${ID}`), 404, 'refresh.not-found');
  });

  it('waits for the read model to show what was just accepted', async () => {
    acceptAll(gateway);
    let asked = 0;
    gateway.bus.on('audit.deployment.get', ({ data }) => {
      asked += 1;
      return {
        position: '1',
        item: asked < 3 ? null : deploymentView(String(data['deploymentId'])),
      };
    });
    const { id } = (await (await postTo(gateway, '/api/v1/deployments', good)).json()) as {
      id: string;
    };
    expect(await (await get(`/api/v1/deployments/${id}`)).json()).toMatchObject({ id });
    expect(asked).toBe(3);
  });

  it('passes filters on', async () => {
    gateway.bus.on('audit.deployments.list', () => ({ position: '1', items: [] }));
    await get('/api/v1/deployments');
    await get('/api/v1/deployments?application=shop&environment=production&limit=7');
    expect(gateway.bus.asked.map(({ data }) => data)).toEqual([
      { limit: 100 },
      { application: 'shop', environment: 'production', limit: 7 },
    ]);
  });

  it.each([
    'deployments?limit=0',
    'deployments?limit=501',
    'deployments?limit=1e2',
    'deployments?limit=-1',
    'deployments?limit=5&limit=6',
    'deployments?application=%27%20or%201=1',
    'deployments?sort=asc',
    'deployments?__proto__=x',
    'builds?name=../x',
    'attention?includeClosed=maybe',
    'hosts?x=1',
    'deployments/x',
    `deployments/${ID}%2f..`,
    'refreshes/%20',
  ])('refuses %s and asks nobody', async (path) => {
    await expectProblem(await get(`/api/v1/${path}`), 400, 'request.invalid');
    expect(gateway.bus.asked).toEqual([]);
  });

  it('says that audit is silent', async () => {
    const response = await get('/api/v1/hosts');
    await expectProblem(response, 503, 'bus.no-answer');
    expect(response.headers.get('retry-after')).toBe('2');
  });

  it('does not pass on views it does not understand', async () => {
    gateway.bus.on('audit.running.list', () => ({ position: '1', items: [{ application: 1 }] }));
    await expectProblem(await get('/api/v1/running'), 502, 'audit.unreadable-answer');
  });

  it('tells of itself even when audit is silent', async () => {
    expect(await (await get('/api/v1/status')).json()).toEqual({
      instance: 'test',
      broker: 'unknown',
      streams: 0,
      services: [],
      audit: null,
    });
  });

  it('knows nothing else', async () => {
    for (const path of [
      '/api/v1',
      '/api/v1/users',
      '/api',
      '/.git/config',
      '/..%2f..%2fetc%2fpasswd',
      '/package.json',
    ])
      await expectProblem(await get(path), 404, 'request.no-such-route');
  });
});

describe('every answer', () => {
  it.each(['/', '/app.mjs', '/api/v1/status', '/api/v1/nothing', '/api/v1/deployments/x'])(
    'of %s carries the security headers and says nothing of what serves it',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.has('x-powered-by')).toBe(false);
      expect(headers.has('etag')).toBe(false);
      expect(headers.has('access-control-allow-origin')).toBe(false);
    },
  );
});

describe('the description', () => {
  it('names every operation that is served, and no other', async () => {
    const document = (await (await get('/api/v1/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} /api/v1${path}`),
    );
    const served = servedRoutes().filter(
      (route) => route.includes(' /api/v1/') && !route.endsWith('/openapi.json'),
    );
    expect(described.sort()).toEqual(served.sort());
  });
});

/** What the controllers declare. */
function servedRoutes(): string[] {
  const container = Reflect.get(gateway.app, 'container') as {
    getModules(): Map<unknown, { controllers: Map<unknown, { metatype: new () => object }> }>;
  };
  const modules = [...container.getModules().values()];
  return modules
    .flatMap(({ controllers }) => [...controllers.values()])
    .flatMap(({ metatype }) =>
      Object.getOwnPropertyNames(metatype.prototype).flatMap((name) => {
        const handler: unknown = Reflect.get(metatype.prototype, name);
        if (typeof handler !== 'function') return [];
        const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
        if (method === undefined) return [];
        const base = Reflect.getMetadata(PATH_METADATA, metatype) as string;
        const path = Reflect.getMetadata(PATH_METADATA, handler) as string;
        const whole = `/${base}/${path}`.replace(/\/+$/, '').replace(/:(\w+)/g, '{$1}');
        return [`${RequestMethod[method].toLowerCase()} ${whole}`];
      }),
    );
}
