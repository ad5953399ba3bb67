import { openRepository, RepositoryView } from '@gantry/build-watcher';

const LIMITS = {
  packedBytes: 4e9,
  openBytes: 64e9,
  ratio: 1_000,
  packages: 10_000_000,
  builds: 1_000,
  ms: 600_000,
};

/** Reads a repository once as build-watcher does, in a process of its own: its memory is that of the reading. */
const [, , url = ''] = process.argv;
const view = new RepositoryView({
  repository: 'bench',
  packages: new Set(['shop']),
  files: openRepository(url),
  limits: LIMITS,
});
const startedAt = performance.now();
await view.refresh();
const ms = performance.now() - startedAt;
const { packages, artifacts } = view.last.listing;
const { maxRSS } = process.resourceUsage();
process.stdout.write(JSON.stringify({ packages, builds: artifacts.length, ms, peakKb: maxRSS }));
