import type { GateSpecOf } from '@gantry/contracts';
import { isGantryError, type Clock } from '@gantry/service-kit';
import type { GuardedHttp } from '../../net/guarded-http.js';
import { below } from '../../net/below.js';
import { Deadline } from '../../ports/deadline.js';
import {
  inconclusive,
  type GateContext,
  type GateDriver,
  type Outcome,
} from '../../ports/gate-driver.port.js';
import { readAnswer, type Evaluation } from './answer.js';
import { isPassed, NOTHING_WATCHED, outcomeOf, withEvaluation } from './prometheus.decide.js';

type Spec = GateSpecOf<'prometheus'>;

const ASK_TIMEOUT_MS = 30_000;

/** Evaluates a query again and again, until it was watched for long enough or its threshold is broken. */
export class PrometheusDriver implements GateDriver<'prometheus'> {
  readonly resumes = true;

  constructor(
    private readonly http: GuardedHttp,
    private readonly clock: Clock,
  ) {}

  async run(spec: Spec, { spentMs }: GateContext, signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.watch(spec, new Deadline(spec.deadlineMs, spentMs), signal);
    } catch (error) {
      if (isGantryError(error) && error.code === 'gate.address-refused')
        return inconclusive(error.message, { url: spec.url });
      throw error;
    }
  }

  private async watch(spec: Spec, deadline: Deadline, signal: AbortSignal): Promise<Outcome> {
    const startedAt = performance.now();
    const watchedMs = () => performance.now() - startedAt;
    let watched = NOTHING_WATCHED;
    while (!deadline.over()) {
      const evaluation = await this.evaluate(spec, deadline, signal);
      const at = this.clock.now().toISOString();
      const next = withEvaluation(spec, watched, evaluation, at);
      if (next.outcome !== undefined) return next.outcome;
      watched = next.watched;
      if (isPassed(spec, watched, watchedMs())) break;
      await deadline.pause(spec.intervalMs, signal);
    }
    return outcomeOf(spec, watched, watchedMs());
  }

  private async evaluate(spec: Spec, deadline: Deadline, signal: AbortSignal): Promise<Evaluation> {
    const url = below(spec.url, 'api/v1/query', { query: spec.query });
    const timeoutMs = Math.ceil(Math.min(ASK_TIMEOUT_MS, deadline.leftMs));
    try {
      const { status, body } = await this.http.ask({ url, method: 'GET', timeoutMs, signal });
      return readAnswer(status, body);
    } catch (error) {
      if (isGantryError(error) && error.code === 'gate.unreachable')
        return { kind: 'missing', why: error.message };
      throw error;
    }
  }
}
