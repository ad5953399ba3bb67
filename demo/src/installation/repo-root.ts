import { fileURLToPath } from 'node:url';

/** The checkout this code stands in: three folders up, from the sources and from the build alike. */
export const REPO_ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
