import type { HealthCheck } from '@gantry/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Health } from '../journal/journal-entry.js';
import { FIRST_STANDING, judgeAnswer, type Answer, type Standing } from './health-judge.js';

/** Asks a URL once. */
export type AskOnce = (url: string, timeoutMs: number) => Promise<Answer>;

/**
 * Asks the application until it was good so many times in a row, or until the deadline: one good answer of a flapping
 * application proves nothing.
 */
export async function probeHealth(
  check: HealthCheck,
  evr: string | undefined,
  ask: AskOnce,
): Promise<Health> {
  const until = Date.now() + check.deadlineMs;
  let standing: Standing = FIRST_STANDING;
  for (;;) {
    const answer = await ask(check.url, check.timeoutMs);
    standing = judgeAnswer(standing, answer, check, evr);
    if (standing.goodInRow >= check.goodInRow) return ended(standing, true);
    if (Date.now() + check.intervalMs > until) return ended(standing, false);
    await sleep(check.intervalMs);
  }
}

function ended(standing: Standing, healthy: boolean): Health {
  const { goodInRow, attempts, lastStatus, lastBody } = standing;
  const reason = healthy
    ? `good ${goodInRow} times in a row`
    : `until the deadline: ${standing.reason}`;
  return {
    healthy,
    goodInRow,
    attempts,
    lastStatus,
    lastBody,
    reason: reason.slice(0, 1_000),
    finishedAt: new Date().toISOString(),
  };
}
