// Makes the listener one file, so that a host needs nothing but node and this file.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(await readFile(here('./package.json'), 'utf8'));

/** The contracts are plain declarations: what the listener does not use of them is left out. */
const lightContracts = {
  name: 'light-contracts',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
      resolveDir.includes('libs/contracts/dist')
        ? { path: resolve(resolveDir, path), sideEffects: false }
        : undefined,
    );
    // A namespace import lets the bundler drop the parts of zod (its forty languages) that nobody calls.
    onLoad({ filter: /libs\/contracts\/dist\/.*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(
        "import { z } from 'zod';",
        "import * as z from 'zod';",
      ),
      loader: 'js',
    }));
  },
};

await build({
  entryPoints: [here('./dist/main.js')],
  outfile: here('./dist/listener.mjs'),
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  define: { GANTRY_LISTENER_VERSION: JSON.stringify(version) },
  // stompit is CommonJS and asks for node's modules by `require`, which an ES module does not have.
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as gantryRequire } from 'node:module';\nconst require = gantryRequire(import.meta.url);",
  },
  plugins: [lightContracts],
  logLevel: 'warning',
});
