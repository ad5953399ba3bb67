import {
  DesiredVersionPublished,
  HostCommandRefused,
  HostFactsReported,
  HostHealthObserved,
  HostResynced,
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
import { HostTroubles } from './host-troubles.js';
import type { HostReply } from './observation.js';
import { ReplyHandler, type Arrived } from './reply.handler.js';
import { replyProblem } from '../security/reply-check.js';
import { ReplyQuota } from '../security/reply-quota.js';

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
let handler: ReplyHandler;
let nowMs: number;
beforeEach(() => {
  bench = new Bench();
  const notes = { note: (refused: Refused) => noted.push(refused) };
  nowMs = NOW.getTime();
  const clock = { now: () => new Date(nowMs) };
  const troubles = new HostTroubles();
  handler = new ReplyHandler({ ...bench.tools, clock, troubles, notes, quota: new ReplyQuota() });
  key = bench.enrol(HOST);
});
afterEach(() => rmSync(bench.folder, { recursive: true }));

/** A reply as a listener makes it. */
function reply(
  definition: AnyMessage,
  data: object,
  signer = key,
  host = HOST,
  time = AT,
): Arrived {
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
    ...{ id: ID, source: `/gantry/puppet-listener/${host}`, subject: STREAM as never, time },
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

const isSign = (type: string): boolean => /\.(troubled|recovered)$/.test(type);

async function take(arrived: Arrived): Promise<string> {
  const before = bench.bus.published.length;
  await handler.handle(arrived);
  const [first] = bench.bus.published.slice(before).filter(({ type }) => !isSign(type));
  if (first !== undefined) return first.type;
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

describe('what a reply shows of its listener', () => {
  const refusal = (code: string, why: string, detail: string) =>
    reply(HostCommandRefused, { role: 'agent', command: 'host.facts.command', code, why, detail });
  const told = () =>
    bench.bus.published
      .filter(({ type }) => /troubled|recovered/.test(type))
      .map(({ type, data }) => [type.slice(12), (data as { trouble: string }).trouble]);
  const late = (ms: number): string => new Date(NOW.getTime() + ms).toISOString();

  it('F-067 a lost journal is told once, and again when it is well', async () => {
    const lost = refusal('needs-resync', 'needs-resync', 'the journal is gone');
    await take(lost);
    await take(lost);
    const verdict = { kind: 'not-run', why: 'needs-resync', detail: 'gone' };
    await take(reply(HostRunFinished, { ...OUTCOME, verdict }));
    expect(told().filter(([, trouble]) => trouble === 'needs-resync')).toEqual([
      ['troubled', 'needs-resync'],
    ]);
    await take(reply(HostResynced, { role: 'agent' }));
    expect(told().at(-1)).toEqual(['recovered', 'needs-resync']);
    expect(bench.bus.published.some(({ type }) => type === 'puppet.host.resynced')).toBe(true);
  });

  it('F-107 a clock behind is told by its host, a clock ahead is seen in the reply', async () => {
    await take(refusal('clock-off', 'refused', 'clock off by 601 s: ...'));
    expect(told()).toContainEqual(['troubled', 'clock-off']);
    expect(bench.bus.published[0]!.data).toMatchObject({ role: 'agent', host: HOST });
    await take(reply(HostRunStarted, { startedAt: AT }));
    expect(told().at(-1)).toEqual(['recovered', 'clock-off']);
    await take(reply(HostRunStarted, { startedAt: AT }, key, HOST, late(31_000)));
    expect(told().at(-1)).toEqual(['troubled', 'clock-off']);
    expect(bench.bus.published.at(-1)!.data).toMatchObject({
      detail: expect.stringContaining('clock off by 31 s'),
    });
  });

  it('a reply that waited for the broker for an hour shows nothing of a clock', async () => {
    await take(reply(HostRunStarted, { startedAt: AT }, key, HOST, late(-3_600_000)));
    expect(told().filter(([, trouble]) => trouble === 'clock-off')).toEqual([]);
  });

  it('a trouble that lasts is told again after a minute, a host that is well after ten', () => {
    const troubles = new HostTroubles();
    const of = { host: HOST as never, role: 'agent' } as const;
    const news = (finding: 'troubled' | 'well', ms: number) =>
      troubles.isNews(of, 'clock-off', finding, ms);
    expect([news('troubled', 0), news('troubled', 59_999), news('troubled', 60_000)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([news('well', 60_001), news('well', 600_000), news('well', 660_001)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('H-062 a listener that floods', () => {
  const flooding = () =>
    bench.bus.published.filter(({ data }) => (data as { trouble?: string }).trouble === 'flooding');
  const started = () => bench.bus.published.filter(({ type }) => type === 'puppet.run.started');

  it('H-062 is not listened to for a minute, others are, and a person knows', async () => {
    const other = bench.enrol('web2.lab');
    const flood = reply(HostRunStarted, { startedAt: AT });
    for (let n = 0; n < 10_000; n += 1) {
      nowMs = NOW.getTime() + n / 10;
      await handler.handle(flood);
    }
    expect(started().length).toBeLessThanOrEqual(550);
    expect(flooding().map(({ type }) => type)).toEqual([
      'puppet.host.recovered',
      'puppet.host.troubled',
    ]);
    const before = started().length;
    await handler.handle(reply(HostRunStarted, { startedAt: AT }, other, 'web2.lab'));
    expect(started().length).toBe(before + 1);
    nowMs += 60_001;
    await handler.handle(flood);
    expect(started().length).toBe(before + 2);
    nowMs += 700_000;
    await handler.handle(flood);
    expect(flooding().at(-1)?.type).toBe('puppet.host.recovered');
  });

  it('H-062 is the one who signed: nobody else can use its quota up', async () => {
    const mallory = bench.enrol('web2.lab');
    const forged = reply(HostRunStarted, { startedAt: AT }, mallory);
    for (let n = 0; n < 2_000; n += 1) await handler.handle(forged);
    expect(await take(reply(HostRunStarted, { startedAt: AT }))).toBe('puppet.run.started');
    expect(started().length).toBe(1);
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
