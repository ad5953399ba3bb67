import type { Certname } from '@gantry/contracts';
import type { Meta } from '../decision.js';
import { earliest, mayBeLost, plusMs, reached } from '../time.js';
import type { Pending, Surveying } from './state.js';
import { SURVEY_AGAIN_MS, SURVEY_MS } from './timing.js';

/** How often hosts and pools are asked before their silence counts as an answer: a question may be stuck on its way, or its answer. */
const SURVEY_ASKS = 3;

type Now = Pick<Meta, 'now' | 'heardSince'>;

/** Hosts that have not answered yet. */
export const silentHosts = ({ target, surveyed }: Surveying): readonly Certname[] =>
  target.hosts.flatMap(({ host }) => (surveyed[host] === undefined ? [host] : []));

/** Whether there are pools, and they have not been read yet. */
export const arePoolsUnread = ({ target, pools }: Surveying): boolean =>
  pools === undefined && target.pools.length > 0;

/** Whether an answer may still come: whoever is silent is asked again, and at least once when messages travelled. */
export const mayAnswer = (asked: Pending | undefined, { now, heardSince }: Now): boolean =>
  asked !== undefined &&
  (asked.asks < SURVEY_ASKS ||
    mayBeLost(asked.askedAt, heardSince) ||
    !reached(plusMs(asked.askedAt, SURVEY_MS), now));

/** Whether it is time to ask again, or the question was cut off. */
export const asksAgain = (asked: Pending, { now, heardSince }: Now): boolean =>
  mayBeLost(asked.askedAt, heardSince) ||
  (asked.asks < SURVEY_ASKS && reached(nextStepAt(asked), now));

/** When somebody is to be asked again, or waited for no longer; undefined when nobody is being waited for. */
export function surveyDueAt(state: Surveying): string | undefined {
  const hosts = silentHosts(state).length > 0 ? state.hostsAsked : undefined;
  const pools = arePoolsUnread(state) ? state.poolsAsked : undefined;
  return earliest([hosts, pools].map((asked) => asked && nextStepAt(asked)));
}

const nextStepAt = ({ askedAt, asks }: Pending): string =>
  plusMs(askedAt, asks < SURVEY_ASKS ? SURVEY_AGAIN_MS : SURVEY_MS);
