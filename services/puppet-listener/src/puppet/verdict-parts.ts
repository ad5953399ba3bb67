import type { NotRunWhy, RunFailureWhy, RunVerdict } from '@gantry/contracts';

const MAX_DETAIL = 2_000;
const cut = (text: string): string =>
  text.length <= MAX_DETAIL ? text : `${text.slice(0, MAX_DETAIL - 1)}…`;

/** A run that happened and did not bring the wanted state. */
export const failed = (why: RunFailureWhy, detail: string): RunVerdict => ({
  kind: 'failed',
  why,
  detail: cut(detail),
});

/** No run happened: the host is as it was. */
export const notRun = (why: NotRunWhy, detail: string): RunVerdict => ({
  kind: 'not-run',
  why,
  detail: cut(detail),
});
