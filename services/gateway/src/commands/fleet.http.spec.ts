import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { boot, type Booted } from '../../test/boot.js';
import { expectProblem, postTo } from '../../test/calls.js';

const HASH = 'a1'.repeat(32);
const path = (hash: string) => `/api/v1/fleet/changes/${hash}/accept`;

describe('H-069 fleet changes over HTTP', () => {
  let gateway: Booted;
  beforeAll(async () => {
    gateway = await boot();
  });
  afterAll(() => gateway.close());
  afterEach(() => gateway.bus.reset());

  it('H-069 a change is accepted by its hash with a reason; accepted already is no error', async () => {
    gateway.bus.on('fleet.accept-change', () => ({ outcome: 'accepted', subject: 'fleet-main' }));
    expect((await postTo(gateway, path(HASH.toUpperCase()), { reason: 'meant' })).status).toBe(202);
    gateway.bus.on('fleet.accept-change', () => ({ outcome: 'ignored', because: 'in force' }));
    const again = await postTo(gateway, path(HASH), { reason: 'meant' });
    expect([again.status, await again.json()]).toEqual([
      200,
      { outcome: 'ignored', because: 'in force' },
    ]);
    const given = { type: 'fleet.accept-change', data: { sha256: HASH, reason: 'meant' } };
    expect(gateway.bus.asked).toMatchObject([given, given]);
  });

  it('H-069 another hash than the one that is held is a conflict that says what to do', async () => {
    const todo = 'Look at what is held now: gantry fleet.';
    const code = 'fleet-change-not-held';
    const refusal = { code, message: 'No fleet change is held.', todo, findings: [] };
    const reply = { outcome: 'refused', status: 'conflict', ...refusal };
    gateway.bus.on('fleet.accept-change', () => reply);
    const response = await postTo(gateway, path(HASH), { reason: 'meant' });
    expect(await expectProblem(response, 409, code)).toMatchObject({ todo });
  });

  it.each([
    ['no hash', path('latest'), { reason: 'meant' }],
    ['no reason', path(HASH), { reason: ' ' }],
    ['an actor of its choice', path(HASH), { reason: 'meant', by: 'root' }],
  ])('H-069 %s is refused, and nobody hears of it', async (_what, to, body) => {
    await expectProblem(await postTo(gateway, to, body), 400, 'request.invalid');
    expect(gateway.bus.asked).toEqual([]);
  });
});
