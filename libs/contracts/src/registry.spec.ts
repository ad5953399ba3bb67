import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeMessage, parseMessage } from './codec.js';
import { dataschemaOf, Envelope } from './envelope.js';
import { QueryReply } from './query/queries.js';
import { definitionOf, MESSAGES, type AnyMessage } from './registry.js';

const goldenFolder = fileURLToPath(new URL('../golden/', import.meta.url));
const fileOf = (definition: AnyMessage): string => `${definition.type}.v${definition.version}.json`;
const goldenOf = (
  definition: AnyMessage,
): Record<string, unknown> & { data: Record<string, unknown> } =>
  JSON.parse(readFileSync(goldenFolder + fileOf(definition), 'utf8')) as never;
const all = MESSAGES.map((definition) => [definition.type, definition] as const);

describe('the registry', () => {
  it('has every type once', () => {
    const types = MESSAGES.map(({ type }) => type);
    expect(types.filter((type, index) => types.indexOf(type) !== index)).toEqual([]);
  });

  it.each(all)('finds %s by its type', (type, definition) => {
    expect(definitionOf(type)).toBe(definition);
  });

  it('knows no type that every JavaScript object would answer to', () => {
    expect(definitionOf('constructor')).toBeUndefined();
    expect(definitionOf('__proto__')).toBeUndefined();
  });

  it('has an answer for every query, and none for anything else', () => {
    const queries = MESSAGES.filter(({ role }) => role === 'query').map(({ type }) => type);
    expect(Object.keys(QueryReply).sort()).toEqual([...queries].sort());
  });
});

describe('golden messages: once sent, readable for ever', () => {
  it('there is one file for every message: write libs/contracts/golden/<type>.v<version>.json for a new one', () => {
    expect(MESSAGES.map(fileOf).filter((file) => !existsSync(goldenFolder + file))).toEqual([]);
  });

  it('every file is of a message that is known, or of an older version of one', () => {
    const strangers = readdirSync(goldenFolder).filter((file) => {
      const [, type = '', version = ''] = /^(.+)\.v([0-9]+)\.json$/.exec(file) ?? [];
      return Number(version) > (definitionOf(type)?.version ?? 0);
    });
    expect(strangers).toEqual([]);
  });

  const present = all.filter(([, definition]) => existsSync(goldenFolder + fileOf(definition)));
  it.each(present)(
    '%s parses to itself: nothing is dropped, nothing is added',
    (type, definition) => {
      const golden = goldenOf(definition);
      expect(parseMessage(golden)).toEqual(golden);
      expect(golden['type']).toBe(type);
      expect(golden['dataschema']).toBe(dataschemaOf(type, definition.version));
    },
  );

  it.each(present)('%s is sent as it was read', (_type, definition) => {
    const golden = goldenOf(definition);
    const {
      specversion: _s,
      type: _t,
      datacontenttype: _c,
      dataschema: _d,
      data,
      ...context
    } = Envelope.parse(golden);
    const again = makeMessage(definition, data as never, context);
    expect(JSON.parse(JSON.stringify(again))).toEqual(golden);
  });

  it.each(present)('%s: a newer sender may say more, we may not', (_type, definition) => {
    const golden = goldenOf(definition);
    const more = { ...golden, data: { ...golden.data, saidByANewerVersion: 1 }, newattribute: 'x' };
    expect(parseMessage(more)).toEqual(golden);
    expect(definition.strict.safeParse(more.data).error?.issues).toEqual([
      expect.objectContaining({ code: 'unrecognized_keys', keys: ['saidByANewerVersion'] }),
    ]);
  });

  it.each(present)(
    '%s: every field it must have is missed when it is gone',
    (_type, definition) => {
      const golden = goldenOf(definition);
      const shape = definition.schema.shape as Record<
        string,
        { safeParse(value: unknown): { success: boolean } }
      >;
      const required = Object.keys(shape).filter(
        (key) => shape[key]?.safeParse(undefined).success === false,
      );
      for (const key of required) {
        const { [key]: _gone, ...rest } = golden.data;
        expect(() => parseMessage({ ...golden, data: rest })).toThrow(key);
      }
    },
  );
});
