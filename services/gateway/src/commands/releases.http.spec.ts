import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { boot, type Booted } from '../../test/boot.js';
import { expectProblem, postTo } from '../../test/calls.js';

const ID = '0190a0c4-1111-7000-8000-000000000001';
const RELEASES = '/api/v1/releases';
const wanted = { pipeline: 'shop', evr: '1.4.2-1', reason: 'a hole is being closed' };

describe('releases over HTTP', () => {
  let gateway: Booted;
  beforeAll(async () => {
    gateway = await boot();
  });
  afterAll(() => gateway.close());
  afterEach(() => gateway.bus.reset());
  const accept = (type: string): void => {
    gateway.bus.on(type, () => ({ outcome: 'accepted', subject: 'release' }));
  };

  it('sends a build on its way, once for one key', async () => {
    accept('release.start');
    const headers = { 'idempotency-key': 'one' };
    const body = { ...wanted, skip: ['staging'] };
    const [first, second] = [
      await postTo(gateway, RELEASES, body, headers),
      await postTo(gateway, RELEASES, body, headers),
    ];
    expect(first.status).toBe(201);
    const { id } = (await first.json()) as { id: string };
    expect(await second.json()).toMatchObject({ id });
    expect(gateway.bus.commands.map(({ data }) => data)).toEqual(
      Array(gateway.bus.commands.length).fill({ ...body, releaseId: id }),
    );
  });

  it.each([
    ['stop', 'release.stop', { reason: 'x' }, { releaseId: ID, reason: 'x' }],
    ['pause', 'release.pause', { reason: 'x' }, { releaseId: ID, reason: 'x' }],
    ['resume', 'release.resume', { reason: 'x' }, { releaseId: ID, reason: 'x', how: 'again' }],
    [
      'resume',
      'release.resume',
      { reason: 'x', how: 'accept' },
      { releaseId: ID, reason: 'x', how: 'accept' },
    ],
    [
      'gates/look/answer',
      'release.answer-gate',
      { reason: 'x', verdict: 'pass' },
      { releaseId: ID, gate: 'look', reason: 'x', verdict: 'pass' },
    ],
  ])('%s is %s', async (path, type, body, data) => {
    accept(type);
    expect((await postTo(gateway, `${RELEASES}/${ID}/${path}`, body)).status).toBe(202);
    expect(gateway.bus.commands).toMatchObject([{ type, data }]);
  });

  it.each([
    ['no reason', RELEASES, { ...wanted, reason: '' }],
    ['a pipeline that is a path', RELEASES, { ...wanted, pipeline: '../x' }],
    ['a version that is no version', RELEASES, { ...wanted, evr: '1.2' }],
    ['an id of the caller', RELEASES, { ...wanted, releaseId: ID }],
    ['a field nobody knows', RELEASES, { ...wanted, approved: true }],
    ['an action nobody knows', `${RELEASES}/${ID}/approve`, { reason: 'x' }],
    ['another way to resume', `${RELEASES}/${ID}/resume`, { reason: 'x', how: 'anyhow' }],
    [
      'a gate answered with maybe',
      `${RELEASES}/${ID}/gates/a/answer`,
      { reason: 'x', verdict: 'maybe' },
    ],
    ['an id that is none', `${RELEASES}/x/stop`, { reason: 'x' }],
  ])('refuses %s, and nobody hears of it', async (_what, path, body) => {
    await expectProblem(await postTo(gateway, path, body), 400, 'request.invalid');
    expect(gateway.bus.asked).toEqual([]);
  });

  it('asks audit for releases and for why', async () => {
    gateway.bus
      .on('audit.releases.list', () => ({ position: '1', items: [] }))
      .on('audit.release.get', () => ({ position: '1', item: null }))
      .on('audit.why.get', () => ({ position: '1', items: [] }));
    const get = (path: string) => fetch(`${gateway.url}/api/v1${path}`);
    expect((await get('/releases?pipeline=shop&limit=5')).status).toBe(200);
    expect((await get(`/releases/${ID}`)).status).toBe(404);
    expect((await get('/why?application=shop&evr=1.4.2-1')).status).toBe(200);
    expect((await get('/why?application=shop')).status).toBe(400);
    expect(gateway.bus.asked.map(({ data }) => data)).toEqual([
      { pipeline: 'shop', limit: 5 },
      { releaseId: ID },
      { application: 'shop', evr: '1.4.2-1' },
    ]);
  });
});
