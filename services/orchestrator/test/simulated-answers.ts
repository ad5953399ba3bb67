import {
  InstalledPackage,
  makeMessage,
  PuppetHealthObserved,
  PuppetHostSurveyed,
  PuppetRunFinished,
  type AnyMessage,
  type DataOf,
  type Message,
  type PuppetReport,
} from '@gantry/contracts';

/** An answer of the world before it is sent. */
export interface Answer {
  readonly definition: AnyMessage;
  readonly data: DataOf<AnyMessage>;
}

/** Pairs a message with its data, so that one cannot be given the other's. */
export const answer = <D extends AnyMessage>(definition: D, data: DataOf<D>): Answer => ({
  definition,
  data,
});

type Run = DataOf<typeof PuppetRunFinished>;
type RunKey = Pick<Run, 'requestId' | 'host'>;

/** A package as the RPM database tells it. */
export const packageAt = (name: string, evr: string): InstalledPackage =>
  InstalledPackage.parse({ name, evr, nevra: `${name}-${evr}.noarch` });

const reportOf = (jobId: PuppetReport['jobId'], startedAt: string): PuppetReport => ({
  jobId,
  status: 'changed',
  completed: true,
  noop: false,
  cachedCatalog: 'not_used',
  configurationVersion: null,
  catalogUuid: null,
  startedAt,
  counts: {
    total: 1,
    changed: 1,
    failed: 0,
    failedToRestart: 0,
    skipped: 0,
    outOfSync: 1,
    corrective: 0,
  },
  failures: [],
});

/** A run that converged. */
export const converged = (
  { requestId, host }: RunKey,
  at: string,
  { before, after }: Pick<Run, 'before' | 'after'>,
): Answer =>
  answer(PuppetRunFinished, {
    requestId,
    host,
    verdict: { kind: 'converged' },
    exitCode: 2,
    report: reportOf(requestId, at),
    before,
    after,
    startedAt: at,
    finishedAt: at,
  });

/** An application that answers, three times in a row. */
export const healthy = ({ requestId, host }: RunKey, at: string): Answer =>
  answer(PuppetHealthObserved, {
    requestId,
    host,
    healthy: true,
    goodInRow: 3,
    attempts: 3,
    lastStatus: 200,
    lastBody: 'ok',
    reason: '',
    finishedAt: at,
  });

/** What a host says of itself. */
export const surveyed = (
  requestId: RunKey['requestId'],
  host: RunKey['host'],
  installed: InstalledPackage[],
): Answer =>
  answer(PuppetHostSurveyed, {
    requestId,
    host,
    installed,
    disabled: null,
    runningSince: null,
    lastRunAt: null,
    listenerVersion: '1',
    bootId: 'b',
  });

/** The answer as an envelope of its own, caused by the request. */
export function envelopeOf({ definition, data }: Answer, cause: Message, id: string): Message {
  const { subject, correlationid, actor } = cause;
  return makeMessage<AnyMessage>(definition, data, {
    id,
    source: '/gantry/simulation',
    time: new Date().toISOString(),
    correlationid,
    causationid: cause.id,
    actor,
    ...(subject === undefined ? {} : { subject }),
  });
}
