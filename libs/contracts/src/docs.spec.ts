import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as contracts from './index.js';

type Render = (of: typeof contracts, sources: readonly string[]) => string;

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const sources = readdirSync(at('.'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => readFileSync(at(`./${file}`), 'utf8'));

/** The scripts are plain JavaScript: nothing to compile when docs are generated. */
async function renderer(file: string, name: string): Promise<Render> {
  const module = (await import(at(`../scripts/${file}`))) as Readonly<Record<string, Render>>;
  return module[name]!;
}

describe('the generated pages are what the registry says (if not: node libs/contracts/scripts/generate-docs.mjs)', () => {
  it.each([
    ['docs/messages.md', 'render-messages.mjs', 'renderMessages'],
    ['docs/asyncapi.yaml', 'render-asyncapi.mjs', 'renderAsyncApi'],
  ])('%s', async (page, file, name) => {
    const render = await renderer(file, name);
    expect(readFileSync(at(`../../../${page}`), 'utf8')).toBe(render(contracts, sources));
  });

  it('notice a message that changed', async () => {
    const render = await renderer('render-messages.mjs', 'renderMessages');
    const fewer = {
      ...contracts,
      MESSAGES: contracts.MESSAGES.slice(1),
    } as unknown as typeof contracts;
    expect(render(fewer, sources)).not.toBe(render(contracts, sources));
  });
});
