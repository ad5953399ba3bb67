/**
 * Writes docs/messages.md and docs/asyncapi.yaml from the built registry. `--check` writes nothing and exits 1 when they
 * are not what would be written: a message changed and its page did not.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderAsyncApi } from './render-asyncapi.mjs';
import { renderMessages } from './render-messages.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const contracts = await import('../dist/index.js').catch(() => {
  console.error('libs/contracts is not built: run `npx tsc -b libs/contracts` first.');
  process.exit(1);
});
const sources = readdirSync(at('../src'), { recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => readFileSync(at(`../src/${file}`), 'utf8'));

const pages = [
  ['docs/messages.md', renderMessages(contracts, sources)],
  ['docs/asyncapi.yaml', renderAsyncApi(contracts, sources)],
];
const read = (file) => {
  try {
    return readFileSync(at(`../../../${file}`), 'utf8');
  } catch {
    return '';
  }
};
const stale = pages.filter(([file, text]) => read(file) !== text);
if (process.argv.includes('--check')) {
  for (const [file] of stale) {
    console.error(
      `${file} is stale: run \`node libs/contracts/scripts/generate-docs.mjs\` and commit it.`,
    );
  }
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [file, text] of stale) writeFileSync(at(`../../../${file}`), text);
  console.log(
    stale.length === 0 ? 'docs are up to date' : `wrote ${stale.map(([file]) => file).join(', ')}`,
  );
}
