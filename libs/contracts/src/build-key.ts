import type { Evr, PackageName } from './ids.js';

/**
 * Id of the stream of one build. `:`, `~`, `^` and `+` cannot stand in a stream id, so each becomes `_` and its code
 * point: two builds never share a key.
 */
export function buildKey(name: PackageName, evr: Evr): string {
  return `${name}-${evr}`.replace(/[^A-Za-z0-9.-]/g, (c) => `_${c.charCodeAt(0).toString(16)}`);
}
