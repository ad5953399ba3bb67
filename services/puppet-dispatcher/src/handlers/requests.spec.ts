import {
  HostRunCommand,
  PuppetPublishRequested,
  PuppetQueryRequested,
  PuppetRunRequested,
  PuppetSurveyRequested,
  hostCommandPrefix,
  hostCommandTopic,
  parseMessage,
  topicDestination,
} from '@gantry/contracts';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { verify } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Bench, NOW, request, STREAM } from '../../test/fakes.js';
import { PublishHandler } from './publish.handler.js';
import { QueryHandler } from './query.handler.js';
import { RunHandler } from './run.handler.js';
import { SurveyHandler } from './survey.handler.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(60_000);

const HOST = 'web1.lab';
const RUN = {
  ...{ requestId: 'r-1', host: HOST, epoch: 3, seq: 7, noop: false, wanted: [], health: null },
  ...{ runTimeoutMs: 60_000, waitForLockMs: 10_000, expiresInMs: 60_000 },
};

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => rmSync(bench.folder, { recursive: true }));

const sentData = (n = 0): Record<string, unknown> =>
  (JSON.parse(bench.bus.sent[n]!.body.toString()) as { data: Record<string, unknown> }).data;

describe('a run request', () => {
  it('becomes a command whose signature covers the very bytes that are sent', async () => {
    bench.enrol(HOST);
    await new RunHandler(bench.tools).handle(request(PuppetRunRequested, RUN));
    const { body, options } = bench.bus.sent[0]!;
    expect(options).toMatchObject({
      destination: hostCommandTopic(HOST),
      group: STREAM,
      headers: { 'x-kid': 'dispatcher-a' },
    });
    const bytes = Buffer.concat([Buffer.from(hostCommandPrefix(body.length)), body]);
    const signature = Buffer.from(options.headers!['x-sig']!, 'base64');
    expect(verify(null, bytes, bench.signing.publicKey, signature)).toBe(true);
    const message = parseMessage(JSON.parse(body.toString()));
    expect(message).toMatchObject({ type: 'host.run.command', actor: 'anna', subject: STREAM });
    expect(HostRunCommand.strict.safeParse(message.data).success).toBe(true);
  });

  it('is addressed to the host and its key, with a window that hosts accept', async () => {
    bench.enrol(HOST);
    await new RunHandler(bench.tools).handle(
      request(PuppetRunRequested, { ...RUN, expiresInMs: 120_000 }),
    );
    const key = bench.keys.find(HOST, 'agent')!;
    expect(sentData()).toMatchObject({
      ...{ aud: { host: HOST, keyId: key.keyId }, cmdId: 'r-1', stream: STREAM, epoch: 3, seq: 7 },
      ...{ iat: NOW.toISOString(), exp: '2026-03-01T12:02:00.000Z' },
    });
    expect(bench.bus.sent[0]!.options.expiresAt).toEqual(new Date('2026-03-01T12:02:00.000Z'));
  });

  it('is answered for a host that is not enrolled, with what to do', async () => {
    await new RunHandler(bench.tools).handle(request(PuppetRunRequested, RUN));
    expect(bench.bus.sent).toEqual([]);
    expect(bench.bus.published[0]).toMatchObject({
      type: 'puppet.run.finished',
      data: { requestId: 'r-1', host: HOST, verdict: { kind: 'not-run', why: 'refused' } },
    });
    expect(JSON.stringify(bench.bus.published[0]!.data)).toContain(`${bench.folder}/${HOST}.pub`);
  });

  it('takes a key that was enrolled a moment ago, and drops one that was taken away', async () => {
    const handler = new RunHandler(bench.tools);
    await handler.handle(request(PuppetRunRequested, RUN));
    bench.enrol(HOST);
    await handler.handle(request(PuppetRunRequested, RUN));
    expect(bench.bus.sent).toHaveLength(1);
    rmSync(`${bench.folder}/${HOST}.pub`);
    await handler.handle(request(PuppetRunRequested, RUN));
    expect(bench.bus.sent).toHaveLength(1);
  });

  it('is dropped without an answer when its asker has given up on it', async () => {
    bench.enrol(HOST);
    const handler = new RunHandler(bench.tools);
    await handler.handle(request(PuppetRunRequested, RUN, 89_000));
    expect(bench.bus.sent).toHaveLength(1);
    await handler.handle(request(PuppetRunRequested, RUN, 91_000));
    expect(bench.bus.sent).toHaveLength(1);
    expect(bench.bus.published).toEqual([]);
  });

  it('is refused when nobody could be answered', async () => {
    bench.enrol(HOST);
    const { subject: _subject, ...message } = request(PuppetRunRequested, RUN);
    await expect(new RunHandler(bench.tools).handle(message as never)).rejects.toMatchObject({
      kind: 'invalid',
    });
  });
});

describe('the other requests', () => {
  it('asks every enrolled host of a survey, and only those', async () => {
    for (const host of ['web1.lab', 'web2.lab']) bench.enrol(host);
    const data = {
      requestId: 's-1',
      seq: 9,
      hosts: ['web1.lab', 'web9.lab', 'web2.lab'],
      packages: ['shop'],
      expiresInMs: 30_000,
    };
    await new SurveyHandler(bench.tools).handle(request(PuppetSurveyRequested, data));
    expect(bench.bus.sent.map((s) => s.options.destination)).toEqual([
      hostCommandTopic('web1.lab'),
      hostCommandTopic('web2.lab'),
    ]);
    expect(sentData()).toMatchObject({ cmdId: 's-1', seq: 9, epoch: 0, packages: ['shop'] });
  });

  it('asks a host about a command', async () => {
    bench.enrol(HOST);
    const data = { requestId: 'q-1', host: HOST, epoch: 3, seq: 8, commandId: 'r-1' };
    await new QueryHandler(bench.tools).handle(request(PuppetQueryRequested, data));
    expect(sentData()).toMatchObject({ cmdId: 'q-1', about: 'r-1', seq: 8 });
  });

  it('sends a wanted version to each Puppet server, and answers for one without a publisher', async () => {
    bench.enrol('publisher.puppet1.lab');
    const data = {
      ...{
        requestId: 'p-1',
        host: HOST,
        epoch: 3,
        seq: 6,
        servers: ['puppet1.lab', 'puppet2.lab'],
      },
      versions: [{ hieraKey: 'a::b', name: 'shop', evr: '1.0-1' }],
    };
    await new PublishHandler(bench.tools).handle(request(PuppetPublishRequested, data));
    expect(bench.bus.sent[0]!.options.destination).toBe(topicDestination('desired.versions'));
    const { keyId } = bench.keys.find('puppet1.lab', 'publisher')!;
    expect(sentData()).toMatchObject({
      server: 'puppet1.lab',
      host: HOST,
      aud: { host: 'puppet1.lab', keyId },
    });
    expect(bench.bus.published[0]).toMatchObject({
      type: 'puppet.publish.failed',
      data: { server: 'puppet2.lab', host: HOST },
    });
  });
});
