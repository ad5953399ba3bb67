import type { Evr } from '@gantry/contracts';
import { parseEvr } from './parse-evr.js';
import { rpmvercmp, type Order } from './rpmvercmp.js';

/**
 * Which of two versions of a package rpm takes for the newer one: epoch first, then version, then release.
 * 0 means "of the same age", not "the same text": 1.0-1 and 1_0-1 are two builds that neither upgrades the other.
 */
export function compareEvr(a: Evr, b: Evr): Order {
  const left = parseEvr(a);
  const right = parseEvr(b);
  if (left.epoch !== right.epoch) return left.epoch < right.epoch ? -1 : 1;
  const byVersion = rpmvercmp(left.version, right.version);
  return byVersion !== 0 ? byVersion : rpmvercmp(left.release, right.release);
}
