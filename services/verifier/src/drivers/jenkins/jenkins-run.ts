import type { GateEvidence, GateSpecOf } from '@gantry/contracts';
import { isGantryError, messageOf } from '@gantry/service-kit';
import type { Deadline } from '../../ports/deadline.js';
import { inconclusive, type GateContext, type Outcome } from '../../ports/gate-driver.port.js';
import type { JenkinsApi, Place } from './jenkins-api.js';
import { mayPass, outcomeOfResult } from './jenkins.decide.js';
import { RUN_PARAMETER } from './run-parameter.js';

/** In the record of the run from before Jenkins is asked for a build: from then on there may be one. */
const ASKED = 'asked Jenkins for a build';
/** How often a build that should be there is looked for before it counts as lost. */
const LOOKS = 10;

/** What a run works with. */
export interface JenkinsTools {
  readonly api: JenkinsApi;
  readonly spec: GateSpecOf<'jenkins'>;
  readonly context: Pick<GateContext, 'mark' | 'marked'>;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  readonly pollMs: number;
}

/**
 * One build at Jenkins, from looking whether there is one to its result. Jenkins is asked for a build at most once: after an
 * answer that did not come, and in a later process, the build is only looked for.
 */
export class JenkinsRun {
  private place: Place | undefined;
  private trouble: string | undefined;
  /** What Jenkins said when it was asked for a build. */
  private answer = 'what it said to that is not known';
  private asked: boolean;
  private looks = 0;

  constructor(private readonly tools: JenkinsTools) {
    this.asked = tools.context.marked === ASKED;
  }

  /** Where the run is, as far as is known: what is to be aborted. */
  get known(): Place | undefined {
    return this.place;
  }

  /** Whether Jenkins may have a build whose place is not known. */
  get mayHaveOne(): boolean {
    return this.asked;
  }

  async follow(): Promise<Outcome> {
    const { deadline, signal, pollMs, spec } = this.tools;
    while (!deadline.over()) {
      const outcome = await this.attempt();
      if (outcome !== undefined) return outcome;
      await deadline.pause(pollMs, signal);
    }
    const state = this.place === undefined ? 'not begun' : `still ${this.stateOf(this.place)}`;
    const why = this.trouble === undefined ? '' : `; ${this.trouble}`;
    return inconclusive(`${state} after ${spec.deadlineMs} ms${why}`, this.evidence());
  }

  private stateOf(place: Place): string {
    return place.at === 'queue' ? 'in the queue of Jenkins' : 'being built';
  }

  /** One step on the way; trouble that may pass is remembered, other trouble ends the run. */
  private async attempt(): Promise<Outcome | undefined> {
    try {
      const outcome = await this.step();
      this.trouble = undefined;
      return outcome;
    } catch (error) {
      if (!isGantryError(error) || !error.code.startsWith('gate.')) throw error;
      this.trouble = error.message;
      return mayPass(error.code) ? undefined : inconclusive(error.message, this.evidence());
    }
  }

  private step(): Promise<Outcome | undefined> {
    if (this.place === undefined) return this.begin();
    return this.place.at === 'queue' ? this.queued(this.place.item) : this.built(this.place.number);
  }

  private async begin(): Promise<Outcome | undefined> {
    const { api, signal, context, spec } = this.tools;
    this.place = await api.find(signal);
    if (this.place !== undefined) return undefined;
    if (this.asked) {
      this.looks += 1;
      return this.looks < LOOKS
        ? undefined
        : inconclusive(
            `Jenkins was asked for a build and has none; ${this.answer}`,
            this.evidence(),
          );
    }
    if (!(await api.declaresRunParameter(signal)))
      return inconclusive(
        `the job ${spec.job} has no parameter ${RUN_PARAMETER}: add it (a string), so that its build can be found again`,
        this.evidence(),
      );
    await context.mark(ASKED);
    this.asked = true;
    await this.start();
    return undefined;
  }

  private async start(): Promise<void> {
    const { api, signal, spec } = this.tools;
    try {
      this.place = await api.start(spec.parameters ?? {}, signal);
      this.answer = 'it had taken the request';
    } catch (error) {
      this.answer = messageOf(error);
      throw error;
    }
  }

  private async queued(item: number): Promise<Outcome | undefined> {
    const { api, signal } = this.tools;
    const seen = await missingAs(undefined, api.queueItem(item, signal));
    if (seen?.cancelled === true)
      return inconclusive('the build was taken out of the queue of Jenkins', this.evidence());
    const number = seen?.executable?.number;
    if (number !== undefined) this.place = { at: 'build', number };
    // Jenkins forgets an item some minutes after its build began: then the build is looked for.
    else if (seen === undefined) this.place = undefined;
    return undefined;
  }

  private async built(number: number): Promise<Outcome | undefined> {
    const { api, signal } = this.tools;
    const seen = await missingAs(undefined, api.build(number, signal));
    if (seen === undefined) {
      this.looks += 1;
      return this.looks < LOOKS
        ? undefined
        : inconclusive(`Jenkins has lost build ${number}`, this.evidence());
    }
    if (seen.building || seen.result === null) return undefined;
    return outcomeOfResult(seen.result, this.evidence());
  }

  private evidence(): GateEvidence {
    const { api, spec } = this.tools;
    const link = this.place?.at === 'build' ? { link: api.consoleOf(this.place.number) } : {};
    return { url: spec.url, ...link };
  }
}

async function missingAs<T>(instead: T, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (isGantryError(error) && error.code === 'gate.jenkins-missing') return instead;
    throw error;
  }
}
