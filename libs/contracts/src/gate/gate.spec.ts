import { describe, expect, it } from '@jest/globals';
import { fillGate } from './placeholders.js';
import { GateSpec } from './spec.js';

const values = {
  application: 'shop',
  environment: 'staging',
  build: { name: 'shop', evr: '2:1.2.0+git~1-1' },
};

describe('a gate of the fleet file', () => {
  it('takes little: the rest has defaults', () => {
    expect(GateSpec.parse({ kind: 'http', url: 'http://{environment}.example.net/' })).toEqual({
      kind: 'http',
      url: 'http://{environment}.example.net/',
      method: 'GET',
      expectStatus: 200,
      goodInRow: 3,
      intervalMs: 1_000,
      timeoutMs: 5_000,
      deadlineMs: 60_000,
    });
  });

  it.each([
    ['a kind nobody knows', { kind: 'shell', command: ['true'] }],
    ['a line for a shell', { kind: 'command', command: 'rm -rf /; true', deadlineMs: 1_000 }],
    ['no program at all', { kind: 'command', command: [], deadlineMs: 1_000 }],
    ['another protocol', { kind: 'http', url: 'file:///etc/passwd' }],
    ['a password in the URL', { kind: 'http', url: 'http://ci:secret@example.net/' }],
    ['a secret in a header', { kind: 'http', url: 'http://a/', headers: { Authorization: 'x' } }],
    ['a header of the protocol', { kind: 'http', url: 'http://a/', headers: { Host: 'b' } }],
    ['a job that climbs out', { kind: 'jenkins', url: 'http://a/', job: '../x?', credential: 'c' }],
    [
      'a credential that is a path',
      { kind: 'jenkins', url: 'http://a/', job: 'x', credential: '../c' },
    ],
    ['a deadline of a day', { kind: 'command', command: ['x'], deadlineMs: 86_400_000 }],
    ['a key nobody reads', { kind: 'manual', question: 'Fine?', timeout: 1 }],
  ])('refuses %s', (_name, spec) => {
    expect(GateSpec.safeParse(spec).success).toBe(false);
  });
});

describe('placeholders', () => {
  const http = GateSpec.parse({
    kind: 'http',
    url: 'http://{environment}.example.net/{evr}?b={build}',
    expectBody: '{application} {evr} {other}',
    headers: { 'X-Build': '{build}' },
  });

  it('are filled in wherever a string holds them, and encoded in URLs', () => {
    expect(fillGate(http, values)).toMatchObject({
      url: 'http://staging.example.net/2%3A1.2.0%2Bgit~1-1?b=shop-2%3A1.2.0%2Bgit~1-1',
      expectBody: 'shop 2:1.2.0+git~1-1 {other}',
      headers: { 'X-Build': 'shop-2:1.2.0+git~1-1' },
    });
  });

  it('stay one argument of a program, whatever they stand for', () => {
    const command = { kind: 'command', command: ['smoke', '--to={evr}'], deadlineMs: 1_000 };
    expect(fillGate(GateSpec.parse(command), values)).toMatchObject({
      command: ['smoke', '--to=2:1.2.0+git~1-1'],
    });
  });

  it("leave a query's own braces alone", () => {
    const query = 'errors{application="{application}", job=~"a{2}"}';
    const spec = GateSpec.parse({
      kind: 'prometheus',
      url: 'http://p/',
      query,
      threshold: { op: '<', value: 1 },
      windowMs: 0,
      deadlineMs: 1_000,
    });
    expect(fillGate(spec, values)).toMatchObject({
      query: 'errors{application="shop", job=~"a{2}"}',
    });
  });

  it('change nothing when there are none, nor the spec that was given', () => {
    const before = structuredClone(http);
    fillGate(http, values);
    expect(http).toEqual(before);
    const plain = GateSpec.parse({ kind: 'manual', question: 'Fine?' });
    expect(fillGate(plain, values)).toEqual(plain);
  });
});
