import type {
  DataOf,
  PuppetQueryRequested,
  PuppetRunRequested,
  PuppetSurveyRequested,
} from '@gantry/contracts';
import { HOST } from './world.js';

type RunRequest = DataOf<typeof PuppetRunRequested>;

let seq = 0;

/** The next number of the log. */
export const nextSeq = (): number => ++seq;

export function runRequest(
  requestId: string,
  more: Partial<Record<keyof RunRequest, unknown>> = {},
): RunRequest {
  return {
    requestId,
    host: HOST,
    epoch: 1,
    seq: nextSeq(),
    noop: false,
    wanted: [],
    health: null,
    runTimeoutMs: 60_000,
    waitForLockMs: 10_000,
    expiresInMs: 60_000,
    ...more,
  } as unknown as RunRequest;
}
export const wanted = (evr: string): unknown => [{ name: 'shopweb', evr }];

export function survey(requestId: string): DataOf<typeof PuppetSurveyRequested> {
  return {
    requestId,
    seq: nextSeq(),
    hosts: [HOST],
    packages: ['shopweb', 'absent'],
    expiresInMs: 30_000,
  } as unknown as DataOf<typeof PuppetSurveyRequested>;
}

export function query(requestId: string, commandId: string): DataOf<typeof PuppetQueryRequested> {
  return { requestId, host: HOST, epoch: 1, seq: nextSeq(), commandId } as unknown as DataOf<
    typeof PuppetQueryRequested
  >;
}
