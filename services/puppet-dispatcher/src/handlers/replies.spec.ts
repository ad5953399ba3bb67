import {
  DesiredVersionPublished,
  HostFactsReported,
  HostHealthObserved,
  HostRunFinished,
  HostRunStarted,
  HostRunStatus,
  HostRunWaiting,
  hostReplyPrefix,
  makeMessage,
  type AnyMessage,
  type DataOf,
} from '@gantry/contracts';
import type { Refused } from '@gantry/service-kit';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sign, type KeyObject } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { Bench, NOW, STREAM } from '../../test/fakes.js';
import { observationOf, type HostReply } from './observation.js';
import { ReplyHandler, type Arrived } from './reply.handler.js';
import { replyProblem } from '../security/reply-check.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(60_000);

const HOST = 'web1.lab';
const ID = '018f0000-0000-7000-8000-0000000000bb';
const AT = NOW.toISOString();
const OUTCOME = {
  ...{ verdict: { kind: 'converged' }, exitCode: 2, report: null, before: [], after: [] },
  ...{ startedAt: AT, finishedAt: AT },
};

let bench: Bench;
let key: KeyObject;
beforeEach(() => {
  bench = new Bench();
  key = bench.enrol(HOST);
});
afterEach(() => rmSync(bench.folder, { recursive: true }));

/** A reply as a listener makes it. */
function reply(definition: AnyMessage, data: object, signer = key, host = HOST): Arrived {
  const role = definition.type.startsWith('desired.') ? 'publisher' : 'agent';
  const keyId = bench.keys.find(host, role)?.keyId ?? 'h-0000000000000000';
  const whole = {
    host,
    keyId,
    cmdId: 'r-1',
    stream: STREAM,
    commandHash: 'a'.repeat(64),
    bootId: 'b',
    replySeq: 1,
    ...data,
  };
  const message = makeMessage(definition, whole as unknown as DataOf<AnyMessage>, {
    ...{ id: ID, source: `/gantry/puppet-listener/${host}`, subject: STREAM as never, time: AT },
    ...{ correlationid: ID, causationid: ID, actor: 'mallory' as never },
  }) as HostReply;
  const body = Buffer.from(JSON.stringify(message));
  const bytes = Buffer.concat([Buffer.from(hostReplyPrefix(body.length)), body]);
  return {
    message,
    body,
    headers: { 'x-kid': keyId, 'x-sig': sign(null, bytes, signer).toString('base64') },
  };
}

const noted: Refused[] = [];

async function take(arrived: Arrived): Promise<string> {
  const notes = { note: (refused: Refused) => noted.push(refused) };
  const handler = new ReplyHandler(bench.bus, bench.keys, bench.metrics, bench.log, notes);
  const before = bench.bus.published.length;
  await handler.handle(arrived, observationOf(arrived.message));
  if (bench.bus.published.length > before) return bench.bus.published.at(-1)!.type;
  const metric = await bench.registry.getSingleMetricAsString('gantry_host_replies_refused_total');
  return /reason="([a-z-]+)"/.exec(metric)?.[1] ?? 'lost';
}

describe('a reply its host has signed', () => {
  it.each([
    [HostRunWaiting, { holder: 'pid 7' }, 'puppet.run.waiting', { holder: 'pid 7' }],
    [HostRunStarted, { startedAt: AT }, 'puppet.run.started', { startedAt: AT }],
    [HostRunFinished, OUTCOME, 'puppet.run.finished', OUTCOME],
    [
      HostHealthObserved,
      {
        healthy: true,
        goodInRow: 3,
        attempts: 3,
        lastStatus: 200,
        lastBody: '',
        reason: 'good',
        finishedAt: AT,
      },
      'puppet.health.observed',
      { healthy: true, goodInRow: 3 },
    ],
    [
      HostRunStatus,
      { about: 'r-0', state: 'never-seen' },
      'puppet.run.status',
      { commandId: 'r-0', state: 'never-seen' },
    ],
    [
      HostFactsReported,
      {
        installed: [],
        disabled: null,
        runningSince: null,
        lastRunAt: null,
        listenerVersion: '1',
        bootId: 'b',
      },
      'puppet.host.surveyed',
      { installed: [], bootId: 'b' },
    ],
  ])('becomes an observation: $type', async (definition, data, type, observed) => {
    expect(await take(reply(definition, data))).toBe(type);
    const { data: published, options } = bench.bus.published[0]!;
    expect(published).toMatchObject({ requestId: 'r-1', host: HOST, ...observed });
    expect(options).toMatchObject({ subject: STREAM, id: ID });
  });

  it('of a publisher names the server and the host apart', async () => {
    const publisher = bench.enrol('publisher.puppet.lab');
    const arrived = reply(DesiredVersionPublished, { subjectHost: HOST }, publisher, 'puppet.lab');
    expect(await take(arrived)).toBe('puppet.version.published');
    expect(bench.bus.published[0]!.data).toEqual({
      requestId: 'r-1',
      host: HOST,
      server: 'puppet.lab',
    });
  });

  it('never speaks in the name of a person', async () => {
    await take(reply(HostRunStarted, { startedAt: AT }));
    expect(bench.bus.published[0]!.options.actor).toBe('puppet-dispatcher');
  });
});

describe('a reply that is not believed', () => {
  it('H-049 is one of which any byte was changed, in twenty replies of every kind', () => {
    const kinds = [
      reply(HostRunWaiting, { holder: 'pid 7' }),
      reply(HostRunStarted, { startedAt: AT }),
      reply(HostRunFinished, OUTCOME),
      reply(HostRunStatus, { about: 'r-0', state: 'running' }),
    ];
    let bytes = 0;
    for (const good of [...kinds, ...kinds, ...kinds, ...kinds, ...kinds]) {
      const { host, keyId } = good.message.data;
      const problem = (body: Buffer) =>
        replyProblem({ body, headers: good.headers, host, keyId, role: 'agent' }, bench.keys);
      expect(problem(good.body)).toBeUndefined();
      for (let n = 0; n < good.body.length; n += 1) {
        const body = Buffer.from(good.body);
        body[n] = (body[n] ?? 0) ^ (1 << (bytes % 8));
        if (problem(body) !== 'bad-signature') throw new Error(`byte ${n} may be changed`);
        bytes += 1;
      }
    }
    expect(bytes).toBeGreaterThan(20 * 400);
  });

  it('F-054 is one of another host in this host\u2019s name', async () => {
    const other = bench.enrol('web2.lab');
    noted.length = 0;
    expect(await take(reply(HostRunStarted, { startedAt: AT }, other))).toBe('bad-signature');
    expect(noted).toEqual([
      {
        who: `host ${HOST}, by its own word`,
        from: 'host.replies',
        what: 'host.run.started',
        code: 'host-reply-refused',
        why: 'bad-signature',
      },
    ]);
  });

  it('F-060 is one with the key of a host before it was made anew', async () => {
    const old = reply(HostRunStarted, { startedAt: AT });
    bench.enrol(HOST);
    expect(await take(old)).toBe('other-key');
  });

  it('is one of a host that is not enrolled, and of one without a signature', async () => {
    expect(await take(reply(HostRunStarted, { startedAt: AT }, key, 'web9.lab'))).toBe(
      'not-enrolled',
    );
    const good = reply(HostRunStarted, { startedAt: AT });
    bench.registry.resetMetrics();
    expect(await take({ ...good, headers: {} })).toBe('unsigned');
  });

  it('is one of an agent that speaks as the publisher of its machine', async () => {
    renameSync(`${bench.folder}/${HOST}.pub`, `${bench.folder}/puppet.lab.pub`);
    const arrived = reply(DesiredVersionPublished, { subjectHost: HOST }, key, 'puppet.lab');
    expect(await take(arrived)).toBe('not-enrolled');
  });

  it('is one of an agent whose certname is made to look like a publisher', () => {
    bench.enrol('publisher.puppet.lab');
    expect(bench.keys.find('publisher.puppet.lab', 'agent')).toBeUndefined();
    expect(bench.keys.find('puppet.lab', 'publisher')).toBeDefined();
  });

  it('H-062 is one that is too large', async () => {
    const good = reply(HostRunStarted, { startedAt: AT });
    expect(await take({ ...good, body: Buffer.alloc(300_000) })).toBe('too-large');
  });
});
