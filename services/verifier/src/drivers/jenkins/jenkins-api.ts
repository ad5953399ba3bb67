import { below } from '../../net/below.js';
import { Build, Builds, Job, Queue, QueueItem, type Actions } from './jenkins-answers.js';
import type { JenkinsHttp } from './jenkins-http.js';
import { RUN_PARAMETER } from './run-parameter.js';
import type { z } from 'zod';

/** Where a run is at Jenkins. */
export type Place =
  | { readonly at: 'queue'; readonly item: number }
  | { readonly at: 'build'; readonly number: number };

/**
 * The few calls of Jenkins' remote API that a gate needs. URLs in answers are never followed: Jenkins builds them from what its
 * administrator typed, and they may lead anywhere.
 */
export class JenkinsApi {
  private readonly jobPath: string;

  constructor(
    private readonly http: JenkinsHttp,
    private readonly of: { readonly url: string; readonly job: string; readonly gateRunId: string },
  ) {
    const parts = of.job.split('/').map((part) => `job/${encodeURIComponent(part)}`);
    this.jobPath = parts.join('/');
  }

  /** A page for people. */
  consoleOf(number: number): string {
    return below(this.of.url, `${this.jobPath}/${number}/console`);
  }

  async declaresRunParameter(signal: AbortSignal): Promise<boolean> {
    const query = { tree: 'property[parameterDefinitions[name]]' };
    const { property } = await this.http.read(Job, `${this.jobPath}/api/json`, { query, signal });
    return property
      .flatMap((each) => each?.parameterDefinitions ?? [])
      .some(({ name }) => name === RUN_PARAMETER);
  }

  /** The queue first: what leaves it between the two reads is a build by then. */
  async find(signal: AbortSignal): Promise<Place | undefined> {
    const parameters = 'actions[parameters[name,value]]';
    const query = { tree: `items[id,${parameters}]` };
    const { items } = await this.http.read(Queue, 'queue/api/json', { query, signal });
    const item = items.find(({ actions }) => this.isOurs(actions));
    if (item !== undefined) return { at: 'queue', item: item.id };
    const { builds } = await this.http.read(Builds, `${this.jobPath}/api/json`, {
      query: { tree: `builds[number,${parameters}]{0,100}` },
      signal,
    });
    const build = builds.find(({ actions }) => this.isOurs(actions));
    return build === undefined ? undefined : { at: 'build', number: build.number };
  }

  /** Asks for a build; answers its queue item, when Jenkins told it. */
  async start(
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Place | undefined> {
    const form = { ...parameters, [RUN_PARAMETER]: this.of.gateRunId };
    const path = `${this.jobPath}/buildWithParameters`;
    const { headers } = await this.http.post(path, { form, signal });
    const [, item] = /\/queue\/item\/(\d+)/.exec(headers.location ?? '') ?? [];
    return item === undefined ? undefined : { at: 'queue', item: Number(item) };
  }

  queueItem(item: number, signal: AbortSignal): Promise<z.infer<typeof QueueItem>> {
    return this.http.read(QueueItem, `queue/item/${item}/api/json`, { signal });
  }

  build(number: number, signal: AbortSignal): Promise<z.infer<typeof Build>> {
    const query = { tree: 'building,result' };
    return this.http.read(Build, `${this.jobPath}/${number}/api/json`, { query, signal });
  }

  async abort(place: Place, signal: AbortSignal): Promise<void> {
    if (place.at === 'build')
      await this.http.post(`${this.jobPath}/${place.number}/stop`, { signal });
    else await this.http.post('queue/cancelItem', { query: { id: String(place.item) }, signal });
  }

  private isOurs(actions: Actions): boolean {
    return actions
      .flatMap((each) => each?.parameters ?? [])
      .some(({ name, value }) => name === RUN_PARAMETER && value === this.of.gateRunId);
  }
}
