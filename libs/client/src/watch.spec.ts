import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  hangUp,
  problem,
  startStubGateway,
  stream,
  type StubGateway,
} from '../test/stub-gateway.js';
import { ProblemError, UnexpectedAnswerError, UnreachableError } from './errors.js';
import { GantryClient } from './gantry-client.js';
import type { StreamItem } from './stream-item.js';

const ID = '0190a0c4-0000-7000-8000-000000000001';
const AT = '2026-01-01T00:00:00.000Z';
const frame = (position: string): string =>
  `id: ${position}\nevent: log\ndata: ${JSON.stringify({
    position,
    stream: `deployment-${ID}`,
    version: 1,
    type: 'deployment.started',
    at: AT,
    actor: 'ci',
    correlationId: ID,
    causationId: ID,
    data: {},
  })}\n\n`;
const story = `event: story\ndata: ${JSON.stringify({
  host: 'web1',
  cmdId: 'c1',
  stream: `deployment-${ID}`,
  lines: [{ at: AT, level: 'notice', source: 'Puppet', message: 'Applied' }],
})}\n\n`;

async function take(items: AsyncGenerator<StreamItem>, count: number): Promise<StreamItem[]> {
  const taken: StreamItem[] = [];
  for await (const item of items) if (taken.push(item) === count) break;
  return taken;
}
const positions = (items: StreamItem[]): (string | undefined)[] =>
  items.map((item) => (item.kind === 'log' ? item.position : undefined));

describe('watching a deployment', () => {
  let stub: StubGateway;
  let client: GantryClient;

  beforeEach(async () => {
    stub = await startStubGateway();
    client = new GantryClient({ baseUrl: stub.url, giveUpAfterMs: 60_000 });
  });
  afterEach(() => stub.close());

  it('goes on after the last event when the connection breaks, and tells so', async () => {
    const reconnects: string[] = [];
    stub.answer(
      stream([frame('10'), frame('11')], 'break'),
      hangUp,
      stream([frame('12')], 'end'),
      stream([story, frame('13')], 'stay'),
    );
    const items = await take(
      client.watchDeployment(ID, { onReconnect: (why) => reconnects.push(why) }),
      5,
    );
    expect(positions(items)).toEqual(['10', '11', '12', undefined, '13']);
    expect(items[3]).toMatchObject({ kind: 'story', story: { host: 'web1' } });
    expect(stub.received.map((call) => call.headers['last-event-id'])).toEqual([
      undefined,
      '11',
      '11',
      '12',
    ]);
    expect(reconnects).toHaveLength(3);
  });

  it('starts after a given position', async () => {
    stub.answer(stream([frame('8')], 'stay'));
    await take(client.watchDeployment(ID, { from: '7' }), 1);
    expect(stub.received[0]?.headers['last-event-id']).toBe('7');
  });

  it('ignores kinds of events it does not know, and comments', async () => {
    stub.answer(stream([': beat\n\n', 'event: weather\ndata: {}\n\n', frame('1')], 'stay'));
    expect(positions(await take(client.watchDeployment(ID), 1))).toEqual(['1']);
  });

  it('ends without an error when told to stop', async () => {
    const stop = new AbortController();
    stub.answer(stream([frame('1')], 'stay'));
    const seen: StreamItem[] = [];
    for await (const item of client.watchDeployment(ID, { signal: stop.signal })) {
      seen.push(item);
      stop.abort();
    }
    expect(seen).toHaveLength(1);
  });

  it('throws what the server refuses', async () => {
    stub.answer(problem(404, 'deployment.not-found'));
    await expect(take(client.watchDeployment(ID), 1)).rejects.toBeInstanceOf(ProblemError);
    expect(stub.received).toHaveLength(1);
  });

  it('gives up on a server that never answers', async () => {
    stub.answer(hangUp);
    const impatient = new GantryClient({ baseUrl: stub.url, giveUpAfterMs: 0 });
    await expect(take(impatient.watchDeployment(ID), 1)).rejects.toBeInstanceOf(UnreachableError);
  });

  it('brings a release as it stands, and goes on after the last event of its log', async () => {
    const release = {
      ...{ id: ID, pipeline: 'shop', evr: '1-1', status: 'travelling', phase: 'waiting' },
      ...{ applications: ['shop'], requestedBy: 'ci', reason: null, targetMs: 1, hold: null },
      ...{ publishedAt: AT, createdAt: AT, endedAt: null, because: '', stages: [] },
      ...{ version: 1, position: '2', movedAt: AT },
    };
    const view = `event: view\ndata: ${JSON.stringify(release)}\n\n`;
    stub.answer(stream([frame('1'), view], 'end'), stream([frame('2')], 'stay'));
    const items: unknown[] = [];
    for await (const item of client.watchRelease(ID)) if (items.push(item) === 3) break;
    expect(items[1]).toEqual({ kind: 'view', view: release });
    expect(stub.received.map(({ url }) => url)).toEqual(
      Array(2).fill(`/api/v1/releases/${ID}/events`),
    );
    expect(stub.received.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1']);
  });

  it('does not go on over an event it cannot read', async () => {
    stub.answer(stream(['event: log\nid: 1\ndata: {"position":1}\n\n'], 'stay'));
    await expect(take(client.watchDeployment(ID), 1)).rejects.toThrow(UnexpectedAnswerError);
  });
});
