const MAX = 4_000;

/** The end of a text, fit for a log in Postgres: no NUL and no control characters but line ends and tabs, no half pairs. */
export function excerptOf(text: string, max = MAX): string {
  return text
    .slice(-max)
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}
