import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { InvalidMessageError, makeMessage, parseMessage, type EnvelopeContext } from './codec.js';
import { DeploymentResumed } from './deployment/events.js';

const context: EnvelopeContext = {
  id: '0199d0c4-5b2e-7f61-8d0a-3c5e7a9b1d2f',
  source: '/gantry/orchestrator/orch-1',
  subject: 'deployment-1' as EnvelopeContext['subject'],
  time: '2026-03-10T09:00:00.000Z',
  correlationid: '0199d0c4-5b2e-7f61-8d0a-000000000001',
  causationid: '0199d0c4-5b2e-7f61-8d0a-000000000002',
  actor: 'u-7f3a91' as EnvelopeContext['actor'],
};
const resumed = makeMessage(DeploymentResumed, { reason: 'it was the payment provider' }, context);

describe('makeMessage and parseMessage', () => {
  it('give back what was said', () => {
    expect(parseMessage(JSON.parse(JSON.stringify(resumed)))).toEqual(resumed);
  });

  it('never send what the shape does not have', () => {
    const wrong = { reason: 'x', password: 'hunter2' };
    expect(() => makeMessage(DeploymentResumed, wrong, context)).toThrow(
      /deployment\.resumed: would send a wrong shape/,
    );
  });

  it.each([
    ['no envelope', {}, 'not a Gantry envelope'],
    [
      'H-047 a type nobody knows',
      { ...resumed, type: 'deployment.teleported' },
      'message type deployment.teleported is not known here',
    ],
    [
      'H-047 a version from the future',
      { ...resumed, dataschema: 'urn:gantry:deployment.resumed:2' },
      'version 2 is not known here, only 1',
    ],
    ['data of another shape', { ...resumed, data: { reason: 7 } }, 'its data is not of its shape'],
  ])('%s is refused, and said', (_title, input, message) => {
    expect(() => parseMessage(input)).toThrow(InvalidMessageError);
    expect(() => parseMessage(input)).toThrow(message);
  });

  it('H-062 bear JSON that is nested as deeply as a message may be long, wherever it stands', () => {
    const text = (deep: string) =>
      JSON.stringify(resumed).replace('"it was the payment provider"', deep);
    const [list, object] = ['['.repeat(120_000) + ']'.repeat(120_000), '{"a":'.repeat(40_000)];
    const deep = [list, `${object}1${'}'.repeat(40_000)}`];
    for (const each of deep) {
      expect(() => parseMessage(JSON.parse(text(each)))).toThrow(InvalidMessageError);
      const beside = JSON.parse(text(`"why","more":${each}`)) as unknown;
      expect(parseMessage(beside).data).toEqual({ reason: 'why' });
      expect(() => parseMessage(JSON.parse(each))).toThrow(InvalidMessageError);
    }
  });

  it('never repeat a value in an error: it may be a secret', () => {
    const secret = 'Bearer-0000-secret';
    for (const input of [
      { ...resumed, actor: `${secret} !` },
      { ...resumed, data: { reason: [secret] } },
      { ...resumed, time: secret },
    ]) {
      expect(() => parseMessage(input)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining(secret) }),
      );
    }
  });
});

describe('whatever a broker delivers', () => {
  const folder = fileURLToPath(new URL('../golden/', import.meta.url));
  const goldens = readdirSync(folder).map(
    (file) => JSON.parse(readFileSync(folder + file, 'utf8')) as Record<string, unknown>,
  );
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
  });

  /** Puts something else at one place of a message, at any depth. */
  function damage(value: unknown, turns: readonly number[], put: unknown): unknown {
    const [turn, ...rest] = turns;
    if (turn === undefined || typeof value !== 'object' || value === null) return put;
    const keys = Object.keys(value);
    const key = keys[turn % Math.max(keys.length, 1)];
    if (key === undefined) return put;
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<
      string,
      unknown
    >;
    copy[key] = damage(copy[key], rest, put);
    return copy;
  }

  const onlyInvalid = (input: unknown): void => {
    try {
      parseMessage(input);
    } catch (error) {
      if (!(error instanceof InvalidMessageError)) throw error;
      expect(error.issues.length).toBeGreaterThan(0);
    }
  };

  it('anything at all: a message, or InvalidMessageError, never another error', () => {
    fc.assert(fc.property(anything, onlyInvalid), { numRuns: 2_000 });
  });

  it('a known message with one place damaged: the same', () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(...goldens),
        fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }),
        anything,
      )
      .map(([golden, turns, put]) => damage(golden, turns, put));
    fc.assert(fc.property(damaged, onlyInvalid), { numRuns: 3_000 });
  });
});
