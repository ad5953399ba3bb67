import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hangUp, json, problem, startStubGateway, type StubGateway } from '../test/stub-gateway.js';
import { ProblemError, UnexpectedAnswerError, UnreachableError } from './errors.js';
import { GantryClient } from './gantry-client.js';

const request = { application: 'shop', environment: 'production', evr: '1.2.0-1', reason: 'new' };
const accepted = { outcome: 'accepted', id: '0190a0c4-0000-7000-8000-000000000001' };
const host = {
  host: 'web1.example.net',
  environments: ['production'],
  applications: ['shop'],
  installed: [{ name: 'shop', evr: '1.2.0-1', nevra: 'shop-1.2.0-1.x86_64' }],
  installedAsOf: '2026-01-01T00:00:00.000Z',
  lastRun: null,
  ownedBy: null,
  outOfService: false,
  reachable: true,
  lastHeardAt: '2026-01-01T00:00:00.000Z',
  listenerVersion: '0.1.0',
};

describe('GantryClient', () => {
  let stub: StubGateway;
  let client: GantryClient;

  beforeEach(async () => {
    stub = await startStubGateway();
    client = new GantryClient({ baseUrl: `${stub.url}/`, attempts: 3 });
  });
  afterEach(() => stub.close());

  it('posts a deployment with an idempotency key of its own', async () => {
    stub.answer(json(accepted, 201));
    await expect(client.requestDeployment(request)).resolves.toEqual(accepted);
    const [call] = stub.received;
    expect(call).toMatchObject({ method: 'POST', url: '/api/v1/deployments' });
    expect(call?.headers['content-type']).toBe('application/json');
    expect(call?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(call?.body ?? '')).toEqual(request);
  });

  it('carries the same key over the retries of one call, and another key in the next call', async () => {
    stub.answer(hangUp, problem(503, 'bus.unavailable'), json(accepted, 201));
    await client.requestDeployment(request);
    await client.requestDeployment(request);
    const keys = stub.received.map((call) => call.headers['idempotency-key']);
    expect(keys).toHaveLength(4);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('uses the key it is given', async () => {
    stub.answer(json(accepted, 202));
    await client.actOnDeployment(accepted.id, 'pause', 'look first', { idempotencyKey: 'ci-7' });
    expect(stub.received[0]).toMatchObject({ url: `/api/v1/deployments/${accepted.id}/pause` });
    expect(stub.received[0]?.headers['idempotency-key']).toBe('ci-7');
  });

  it('hands a refusal over as it was said, without asking again', async () => {
    const findings = [{ severity: 'confirm', code: 'downgrade', message: 'older', todo: 'accept' }];
    const body = {
      type: 'urn:gantry:problem:confirm',
      title: 'Not now',
      status: 409,
      detail: 'It is older than what runs.',
      code: 'confirm-needed',
      todo: 'Accept downgrade.',
      findings,
    };
    stub.answer(json(body, 409, 'application/problem+json'));
    const error: unknown = await client.requestDeployment(request).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      message: 'It is older than what runs.',
      status: 409,
      code: 'confirm-needed',
    });
    expect((error as ProblemError).problem.findings).toEqual(findings);
    expect(stub.received).toHaveLength(1);
  });

  it('gives up after its attempts when nobody is there', async () => {
    stub.answer(hangUp);
    await expect(client.hosts()).rejects.toBeInstanceOf(UnreachableError);
    expect(stub.received).toHaveLength(3);
  });

  it('says in plain words that nobody listens', async () => {
    const nobody = new GantryClient({ baseUrl: stub.url, attempts: 1 });
    await stub.close();
    await expect(nobody.hosts()).rejects.toThrow(/no answer from .*: nobody listens there/);
    stub = await startStubGateway();
  });

  it('validates answers', async () => {
    stub.answer(json({ position: '1', items: [host] }));
    await expect(client.hosts()).resolves.toEqual({ position: '1', items: [host] });
    stub.answer(json({ position: '1', items: [{ ...host, reachable: 'yes' }] }));
    await expect(client.hosts()).rejects.toThrow(UnexpectedAnswerError);
    stub.answer((_call, response) => response.end('<html>'));
    await expect(client.hosts()).rejects.toThrow(/is it a Gantry gateway/);
  });

  it('puts filters in the query and escapes ids', async () => {
    stub.answer(json({ position: null, items: [] }));
    await client.deployments({ application: 'shop', limit: 5 });
    await client.deployment('../../x?y').catch(() => undefined);
    expect(stub.received.map((call) => call.url)).toEqual([
      '/api/v1/deployments?application=shop&limit=5',
      '/api/v1/deployments/..%2F..%2Fx%3Fy',
    ]);
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    stub.answer(() => stop.abort());
    await expect(client.requestDeployment(request, { signal: stop.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(stub.received).toHaveLength(1);
  });
});
