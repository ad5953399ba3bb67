export { compareEvr } from './rpm-version/compare-evr.js';
export { parseEvr, type EvrParts } from './rpm-version/parse-evr.js';
export { rpmvercmp, type Order } from './rpm-version/rpmvercmp.js';
