import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message } from '@gantry/contracts';
import { GantryError } from '@gantry/service-kit';
import { boot, type Booted } from '../../test/boot.js';
import { expectProblem } from '../../test/calls.js';
import { SseReader } from '../../test/sse-reader.js';
import { deploymentView, eventView, releaseView } from '../../test/views.js';
import { LiveController } from './live.controller.js';

const ID = '0190a0c4-1111-7000-8000-000000000001';
const OTHER = '0190a0c4-1111-7000-8000-000000000002';

let gateway: Booted;
/** How many events the deployment's stream has so far. */
let events = 0;
const readers: SseReader[] = [];

beforeAll(async () => {
  gateway = await boot({ GANTRY_MAX_STREAMS: '3' });
});
afterAll(() => gateway.close());
afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
  await until(() => status().then(({ streams }) => streams === 0));
  gateway.bus.reset();
});

async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise(setImmediate);
}
async function status(): Promise<{ streams: number }> {
  const response = await fetch(`${gateway.url}/api/v1/status`);
  return (await response.json()) as { streams: number };
}

function auditHas(count: number): void {
  events = count;
  gateway.bus
    .on('audit.deployment.get', ({ data }) => ({
      position: String(events),
      item: data['deploymentId'] === ID ? deploymentView(ID, { version: events }) : null,
    }))
    .on('audit.release.get', ({ data }) => ({
      position: String(events),
      item: data['releaseId'] === ID ? releaseView(ID, { version: events }) : null,
    }))
    .on('audit.events.read', ({ data }) => {
      const after = Number(data['after'] ?? 0);
      const limit = data['limit'] as number;
      const type = String(data['stream']).startsWith('release-') ? 'release.held' : undefined;
      const all = Array.from({ length: events }, (_, i) => eventView(ID, i + 1, type));
      return { position: String(events), items: all.slice(after, after + limit) };
    })
    .on('audit.status.get', () => ({
      position: String(events),
      lagEvents: 0,
      parkedProjection: null,
    }));
}

const live = (): LiveController => gateway.app.get(LiveController);
const appended = (id = ID, what = 'deployment'): Promise<void> =>
  live().appended({ subject: `${what}-${id}` } as unknown as Message);

async function read(path: string, headers: Record<string, string> = {}): Promise<SseReader> {
  const reader = await SseReader.open(`${gateway.url}/api/v1${path}`, headers);
  readers.push(reader);
  return reader;
}
const ids = (frames: readonly { id: string | undefined }[]): (string | undefined)[] =>
  frames.map(({ id }) => id);

describe('GET /deployments/:id/events', () => {
  it('sends the log from the first event on, then the state', async () => {
    auditHas(3);
    const reader = await read(`/deployments/${ID}/events`);
    const frames = await reader.take(4);
    expect(frames.map(({ event }) => event)).toEqual(['log', 'log', 'log', 'view']);
    expect(ids(frames)).toEqual(['1', '2', '3', undefined]);
    expect(JSON.parse(frames[0]!.data)).toEqual(eventView(ID, 1));
    expect(JSON.parse(frames[3]!.data)).toMatchObject({ id: ID, version: 3 });
  });

  it('goes on after Last-Event-ID, which wins over the address', async () => {
    auditHas(5);
    const reader = await read(`/deployments/${ID}/events?after=1`, { 'last-event-id': '3' });
    expect(ids(await reader.take(3))).toEqual(['4', '5', undefined]);
  });

  it('sends the state to a reader who missed nothing', async () => {
    auditHas(5);
    const [frame] = await (await read(`/deployments/${ID}/events?after=5`)).take(1);
    expect(frame).toMatchObject({ event: 'view' });
  });

  it('sends what is appended as it is heard of, each event once and in order', async () => {
    auditHas(1);
    const reader = await read(`/deployments/${ID}/events`);
    await reader.take(2);
    for (let version = 2; version <= 30; version += 1) {
      events = version;
      await appended();
      if (version % 7 === 0) await reader.take(1);
    }
    const frames = await reader.takeUntil(({ id }) => id === '30');
    const seen = [...reader.taken].filter(({ event }) => event === 'log').map(({ id }) => id);
    expect(frames.length).toBeGreaterThan(0);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => String(i + 1)));
  });

  it('reads long histories page by page', async () => {
    auditHas(450);
    const frames = await (await read(`/deployments/${ID}/events`)).take(451);
    expect(ids(frames.slice(0, 450))).toEqual(Array.from({ length: 450 }, (_, i) => String(i + 1)));
    expect(frames[450]?.event).toBe('view');
  });

  it('finds what was announced before audit could show it', async () => {
    auditHas(1);
    const reader = await read(`/deployments/${ID}/events`);
    await reader.take(2);
    await appended();
    const asked = gateway.bus.asked.length;
    await until(() => Promise.resolve(gateway.bus.asked.length > asked));
    events = 2;
    expect(ids(await reader.take(1))).toEqual(['2']);
  });

  it('passes a host\u2019s lines on to those who watch its deployment, and to nobody else', async () => {
    auditHas(1);
    const reader = await read(`/deployments/${ID}/events`);
    const all = await read('/events?from=start');
    await Promise.all([reader.take(2), all.take(1)]);
    const story = (stream: string, host: string): Promise<void> =>
      live().story({
        data: { stream: `deployment-${stream}`, host },
      } as unknown as Message<'host.log'>);
    await story(OTHER, 'web9');
    await story(ID, 'web1');
    expect(await reader.take(1)).toMatchObject([
      { event: 'story', data: JSON.stringify({ stream: `deployment-${ID}`, host: 'web1' }) },
    ]);
    events = 2;
    await appended();
    expect((await all.take(1))[0]).toMatchObject({ event: 'log', id: '2' });
  });

  it('keeps its readers while audit is down', async () => {
    auditHas(1);
    const reader = await read(`/deployments/${ID}/events`);
    await reader.take(2);
    gateway.bus.reset();
    await appended();
    await until(() => Promise.resolve(gateway.bus.asked.length > 0));
    auditHas(2);
    await appended();
    expect(ids(await reader.take(1))).toEqual(['2']);
  });

  it('asks audit once for many readers', async () => {
    auditHas(1);
    const three = await Promise.all([1, 2, 3].map(() => read(`/deployments/${ID}/events`)));
    await Promise.all(three.map((reader) => reader.take(2)));
    const before = gateway.bus.asked.length;
    events = 2;
    await appended();
    await Promise.all(three.map((reader) => reader.take(2)));
    const reads = gateway.bus.asked
      .slice(before)
      .filter(({ type }) => type === 'audit.events.read');
    expect(reads.filter(({ data }) => data['after'] === '1')).toHaveLength(1);
  });

  it('refuses more readers than may be', async () => {
    auditHas(1);
    await Promise.all([1, 2, 3].map(() => read(`/deployments/${ID}/events`)));
    const response = await fetch(`${gateway.url}/api/v1/deployments/${ID}/events`);
    await expectProblem(response, 503, 'streams.too-many');
  });

  it('refuses a position that audit cannot read', async () => {
    auditHas(1);
    gateway.bus.on('audit.events.read', () => {
      throw new GantryError('invalid', 'log.bad-cursor', 'This is not a feed cursor.');
    });
    const response = await fetch(`${gateway.url}/api/v1/deployments/${ID}/events?after=zzz`);
    await expectProblem(response, 400, 'log.bad-cursor');
  });

  it('refuses what it does not know, and hostile positions', async () => {
    auditHas(1);
    const get = (path: string, headers = {}) => fetch(`${gateway.url}/api/v1${path}`, { headers });
    await expectProblem(await get(`/deployments/${OTHER}/events`), 404, 'deployment.not-found');
    await expectProblem(await get('/deployments/x/events'), 400, 'request.invalid');
    await expectProblem(await get(`/deployments/${ID}/events?after='`), 400, 'request.invalid');
    await expectProblem(await get('/events?from=end'), 400, 'request.invalid');
    await expectProblem(
      await get('/events', { 'last-event-id': 'x'.repeat(65) }),
      400,
      'request.invalid',
    );
    await expectProblem(
      await get('/events', { origin: 'https://evil.example' }),
      403,
      'request.foreign-origin',
    );
  });
});

describe('GET /releases/:id/events', () => {
  it('sends the log from the first event on, then the state, and what is appended as it is heard of', async () => {
    auditHas(2);
    const reader = await read(`/releases/${ID}/events`);
    const frames = await reader.take(3);
    expect(frames.map(({ event }) => event)).toEqual(['log', 'log', 'view']);
    expect(JSON.parse(frames[0]!.data)).toMatchObject({ stream: `release-${ID}` });
    expect(JSON.parse(frames[2]!.data)).toEqual(releaseView(ID, { version: 2 }));
    events = 3;
    await appended(ID, 'release');
    const [log, view] = await reader.take(2);
    expect([log?.id, view?.event]).toEqual(['3', 'view']);
  });

  it('goes on after Last-Event-ID', async () => {
    auditHas(5);
    const reader = await read(`/releases/${ID}/events?after=1`, { 'last-event-id': '4' });
    expect(ids(await reader.take(2))).toEqual(['5', undefined]);
  });

  it('refuses what there is not, and hostile positions', async () => {
    auditHas(1);
    const get = (path: string) => fetch(`${gateway.url}/api/v1${path}`);
    await expectProblem(await get(`/releases/${OTHER}/events`), 404, 'release.not-found');
    await expectProblem(await get('/releases/x/events'), 400, 'request.invalid');
    await expectProblem(await get(`/releases/${ID}/events?after='`), 400, 'request.invalid');
  });
});

describe('GET /events', () => {
  it('begins now', async () => {
    auditHas(7);
    const reader = await read('/events');
    await until(() => status().then(({ streams }) => streams === 1));
    events = 8;
    await appended(OTHER);
    expect(ids(await reader.take(1))).toEqual(['8']);
  });

  it('begins at the start when told to', async () => {
    auditHas(2);
    expect(ids(await (await read('/events?from=start')).take(2))).toEqual(['1', '2']);
  });
});
