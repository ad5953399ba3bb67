import type { HostTrouble } from '@gantry/contracts';
import type { Quota } from '../security/reply-quota.js';
import type { Finding } from './host-troubles.js';
import type { HostReply } from './observation.js';

/** What a reply shows of the listener itself. */
export interface Sign {
  readonly trouble: HostTrouble;
  readonly finding: Finding;
  readonly detail: string;
}

/** What two clocks may differ by. */
const SKEW_MS = 30_000;

/** Reads a reply whose signature is good: whether its listener has its journal, and what its clock shows. */
export function signsOf(reply: HostReply, now: Date): readonly Sign[] {
  return [...journalSigns(reply), ...clockSigns(reply, now)];
}

function journalSigns(reply: HostReply): readonly Sign[] {
  const why = notRunWhyOf(reply);
  if (why?.why === 'needs-resync')
    return [{ trouble: 'needs-resync', finding: 'troubled', detail: why.detail }];
  // A disk that is full says nothing of what lies on it.
  if (why?.why === 'journal-unwritable') return [];
  return [{ trouble: 'needs-resync', finding: 'well', detail: '' }];
}

/** A reply from the future proves a clock that is ahead. One from the past may just have waited; a clock behind is told by the host. */
function clockSigns(reply: HostReply, now: Date): readonly Sign[] {
  if (reply.type === 'host.command.refused' && reply.data.code === 'clock-off')
    return [{ trouble: 'clock-off', finding: 'troubled', detail: reply.data.detail }];
  const aheadMs = Date.parse(reply.time) - now.getTime();
  if (aheadMs > SKEW_MS) {
    const detail = `clock off by ${Math.round(aheadMs / 1_000)} s: it says ${reply.time}, and it is ${now.toISOString()}`;
    return [{ trouble: 'clock-off', finding: 'troubled', detail }];
  }
  return -aheadMs <= SKEW_MS ? [{ trouble: 'clock-off', finding: 'well', detail: '' }] : [];
}

function notRunWhyOf(
  reply: HostReply,
): { readonly why: string; readonly detail: string } | undefined {
  if (reply.type === 'host.command.refused') return reply.data;
  if (reply.type !== 'host.run.finished' || reply.data.verdict.kind !== 'not-run') return undefined;
  return reply.data.verdict;
}

/** What a listener's quota shows. */
export function floodSign(quota: Quota): readonly Sign[] {
  if (quota === 'fine') return [];
  const finding = quota === 'flooding' ? 'troubled' : 'well';
  const detail =
    'it signed more replies than a listener has to send; for a minute none of them is let in';
  return [{ trouble: 'flooding', finding, detail }];
}
