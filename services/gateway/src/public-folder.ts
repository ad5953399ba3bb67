import { fileURLToPath } from 'node:url';

/** Where the status page's files are; the same from `src` and from `dist`. */
export const PUBLIC_FOLDER = fileURLToPath(new URL('../public', import.meta.url));
