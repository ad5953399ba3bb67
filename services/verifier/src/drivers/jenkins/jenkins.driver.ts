import type { GateSpecOf } from '@gantry/contracts';
import { isGantryError } from '@gantry/service-kit';
import type { Credentials } from '../../credentials.js';
import type { GuardedHttp } from '../../net/guarded-http.js';
import { Deadline } from '../../ports/deadline.js';
import {
  inconclusive,
  type GateContext,
  type GateDriver,
  type Outcome,
} from '../../ports/gate-driver.port.js';
import { isStopping } from '../../ports/stop-reason.js';
import { JenkinsApi, type Place } from './jenkins-api.js';
import { JenkinsHttp } from './jenkins-http.js';
import { JenkinsRun } from './jenkins-run.js';

type Spec = GateSpecOf<'jenkins'>;

const POLL_MS = 2_000;
const ABORT_TIMEOUT_MS = 15_000;

/** Starts a job of Jenkins and follows its build to the end. */
export class JenkinsDriver implements GateDriver<'jenkins'> {
  readonly resumes = true;

  constructor(
    private readonly http: GuardedHttp,
    private readonly credentials: Credentials,
    private readonly pollMs = POLL_MS,
  ) {}

  async run(spec: Spec, context: GateContext, signal: AbortSignal): Promise<Outcome> {
    try {
      const { url, job } = spec;
      const http = new JenkinsHttp(this.http, url, await this.credentials.read(spec.credential));
      const api = new JenkinsApi(http, { url, job, gateRunId: context.gateRunId });
      return await this.follow(api, spec, context, signal);
    } catch (error) {
      if (!isGantryError(error) || !error.code.startsWith('gate.')) throw error;
      return inconclusive(error.message, { url: spec.url });
    }
  }

  private async follow(
    api: JenkinsApi,
    spec: Spec,
    context: GateContext,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const deadline = new Deadline(spec.deadlineMs, context.spentMs);
    const run = new JenkinsRun({ api, spec, context, deadline, signal, pollMs: this.pollMs });
    try {
      const outcome = await run.follow();
      if (deadline.over()) await this.abort(api, run);
      return outcome;
    } catch (error) {
      // The next process finds the build again; one that was cancelled is nobody's any more.
      if (!isStopping(signal)) await this.abort(api, run);
      throw error;
    }
  }

  /** As well as it can be done: a build that cannot be reached now ends by its own limits. */
  private async abort(api: JenkinsApi, run: JenkinsRun): Promise<void> {
    const signal = AbortSignal.timeout(ABORT_TIMEOUT_MS);
    try {
      const place = run.known ?? (run.mayHaveOne ? await api.find(signal) : undefined);
      if (place !== undefined) await stop(api, place, signal);
    } catch (error) {
      if (!isGantryError(error) && !signal.aborted) throw error;
    }
  }
}

/** What was in the queue may have left it before it was taken out of it: then the build is stopped. */
async function stop(api: JenkinsApi, place: Place, signal: AbortSignal): Promise<void> {
  await api.abort(place, signal);
  if (place.at !== 'queue') return;
  const now = await api.find(signal);
  if (now?.at === 'build') await api.abort(now, signal);
}
