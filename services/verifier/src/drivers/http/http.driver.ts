import type { GateSpecOf } from '@gantry/contracts';
import { isGantryError, messageOf } from '@gantry/service-kit';
import type { GuardedHttp } from '../../net/guarded-http.js';
import { Deadline } from '../../ports/deadline.js';
import {
  inconclusive,
  type GateContext,
  type GateDriver,
  type Outcome,
} from '../../ports/gate-driver.port.js';
import { isPassed, judge, NO_TRIES, outcomeOf, withTry, type Try } from './http.decide.js';

type Spec = GateSpecOf<'http'>;

/** Asks until the answers are good often enough in a row, or the time is over. */
export class HttpDriver implements GateDriver<'http'> {
  readonly resumes = true;

  constructor(private readonly http: GuardedHttp) {}

  async run(spec: Spec, { spentMs }: GateContext, signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.ask(spec, new Deadline(spec.deadlineMs, spentMs), signal);
    } catch (error) {
      if (isGantryError(error) && error.code === 'gate.address-refused')
        return inconclusive(error.message, { url: spec.url });
      throw error;
    }
  }

  private async ask(spec: Spec, deadline: Deadline, signal: AbortSignal): Promise<Outcome> {
    let tries = NO_TRIES;
    while (!deadline.over() && !isPassed(spec, tries)) {
      if (tries.count > 0) await deadline.pause(spec.intervalMs, signal);
      if (deadline.over()) break;
      const cutShort = deadline.leftMs < spec.timeoutMs;
      const one = await this.askOnce(spec, deadline, signal);
      // A try that had less time than tries have says nothing against those before it.
      if (cutShort && one.kind === 'unreachable' && tries.count > 0) break;
      tries = withTry(tries, one);
    }
    return outcomeOf(spec, tries);
  }

  private async askOnce(spec: Spec, deadline: Deadline, signal: AbortSignal): Promise<Try> {
    const { url, method, headers = {} } = spec;
    const timeoutMs = Math.ceil(Math.min(spec.timeoutMs, deadline.leftMs));
    try {
      return judge(spec, await this.http.ask({ url, method, headers, timeoutMs, signal }));
    } catch (error) {
      if (isGantryError(error) && error.code === 'gate.unreachable')
        return { kind: 'unreachable', why: messageOf(error) };
      throw error;
    }
  }
}
