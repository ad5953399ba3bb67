import { TracedServer, type Answer, type Asked } from './traced-server.js';

const AUTHORIZATION = `Basic ${Buffer.from('gantry:canary-token-1').toString('base64')}`;

interface Item {
  readonly id: number;
  readonly parameters: Readonly<Record<string, string>>;
  cancelled: boolean;
  number?: number;
}
interface BuildState {
  readonly number: number;
  readonly item: Item;
  result: string | null;
  stopped: boolean;
}

/** How this Jenkins behaves. */
export interface JenkinsBehaviour {
  /** Polls of the queue item before its build begins. */
  queuePolls?: number;
  /** Polls of the build before it has its result. */
  buildPolls?: number;
  result?: string;
  declares?: readonly string[];
  crumbs?: boolean;
  /** What happens to the answer of the POST that starts the build, after it has started it (or not). */
  startAnswer?: Answer | ((start: () => void) => Answer);
  forgetsItem?: boolean;
  losesBuild?: boolean;
  /** The item leaves the queue in the moment in which it is to be taken out of it. */
  beginsWhenCancelled?: boolean;
}

/** A Jenkins with one job in a folder: queue, builds, crumbs bound to a session, and a trace of what it was asked. */
export class FakeJenkins {
  readonly items: Item[] = [];
  readonly builds: BuildState[] = [];
  private polls = 0;
  private server: TracedServer | undefined;

  private constructor(readonly behaviour: JenkinsBehaviour) {}

  static async start(behaviour: JenkinsBehaviour = {}): Promise<FakeJenkins> {
    const jenkins = new FakeJenkins(behaviour);
    jenkins.server = await TracedServer.start((asked) => jenkins.answer(asked));
    return jenkins;
  }

  get url(): string {
    return `${this.server?.url ?? ''}/ci`;
  }

  get asked(): readonly string[] {
    return (this.server?.asked ?? []).map(({ method, path }) => `${method} ${path}`);
  }

  get port(): number {
    return this.server?.port ?? 0;
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  private answer(asked: Asked): Answer {
    if (asked.headers.authorization !== AUTHORIZATION) return { status: 401, body: 'who?' };
    if (asked.path === '/ci/crumbIssuer/api/json') return this.crumb();
    if (asked.method === 'POST' && !this.hasCrumb(asked))
      return { status: 403, body: 'No valid crumb was included in the request' };
    return this.route(asked);
  }

  private route(asked: Asked): Answer {
    const path = asked.path.replace(/^\/ci\//, '');
    if (path === 'queue/api/json') return json({ items: this.waiting() });
    if (path === 'job/qa/job/smoke/api/json') return this.job(asked);
    if (path === 'job/qa/job/smoke/buildWithParameters') return this.startBuild(asked);
    if (path === 'queue/cancelItem') return this.cancel(Number(asked.query.get('id')));
    const [, item] = /^queue\/item\/(\d+)\/api\/json$/.exec(path) ?? [];
    if (item !== undefined) return this.item(Number(item));
    const [, number, action] = /^job\/qa\/job\/smoke\/(\d+)\/(stop|api\/json)$/.exec(path) ?? [];
    if (number !== undefined) return this.build(Number(number), action === 'stop');
    return { status: 404, body: 'Not found' };
  }

  private crumb(): Answer {
    if (this.behaviour.crumbs === false) return { status: 404 };
    const headers = { 'Set-Cookie': 'JSESSIONID.1=session-7; Path=/ci; HttpOnly' };
    return { ...json({ crumbRequestField: 'Jenkins-Crumb', crumb: 'crumb-7' }), headers };
  }

  private hasCrumb({ headers }: Asked): boolean {
    if (this.behaviour.crumbs === false) return true;
    return headers['jenkins-crumb'] === 'crumb-7' && headers.cookie === 'JSESSIONID.1=session-7';
  }

  private waiting(): object[] {
    return this.items
      .filter(({ number, cancelled }) => number === undefined && !cancelled)
      .map((item) => ({ id: item.id, actions: actionsOf(item) }));
  }

  private job({ query }: Asked): Answer {
    if (query.get('tree')?.startsWith('property') === true) {
      const names = this.behaviour.declares ?? ['GANTRY_GATE_RUN', 'TARGET'];
      return json({ property: [{}, { parameterDefinitions: names.map((name) => ({ name })) }] });
    }
    return json({
      builds: this.builds.map(({ number, item }) => ({ number, actions: actionsOf(item) })),
    });
  }

  private startBuild({ body }: Asked): Answer {
    const start = (): void => {
      const parameters = Object.fromEntries(new URLSearchParams(body));
      this.items.push({ id: 100 + this.items.length, parameters, cancelled: false });
    };
    const { startAnswer } = this.behaviour;
    if (typeof startAnswer === 'function') return startAnswer(start);
    start();
    const headers = { Location: `http://elsewhere.example/queue/item/${this.items.at(-1)!.id}/` };
    return startAnswer ?? { status: 201, headers };
  }

  private item(id: number): Answer {
    const item = this.items.find((each) => each.id === id);
    if (item === undefined) return { status: 404 };
    this.polls += 1;
    if (this.polls > (this.behaviour.queuePolls ?? 1) && !item.cancelled) this.begin(item);
    if (item.number !== undefined && this.behaviour.forgetsItem === true) return { status: 404 };
    const executable = item.number === undefined ? {} : { executable: { number: item.number } };
    return json({ cancelled: item.cancelled, ...executable });
  }

  private begin(item: Item): void {
    if (item.number !== undefined) return;
    item.number = 41 + this.builds.length;
    this.builds.push({ number: item.number, item, result: null, stopped: false });
    this.polls = 0;
  }

  private build(number: number, stop: boolean): Answer {
    const build = this.builds.find((each) => each.number === number);
    if (build === undefined || this.behaviour.losesBuild === true) return { status: 404 };
    if (stop) {
      build.stopped = true;
      build.result ??= 'ABORTED';
      return { status: 302, headers: { Location: `${this.url}/job/qa/job/smoke/` } };
    }
    this.polls += 1;
    if (this.polls > (this.behaviour.buildPolls ?? 1))
      build.result ??= this.behaviour.result ?? 'SUCCESS';
    return json({ building: build.result === null, result: build.result });
  }

  private cancel(id: number): Answer {
    const item = this.items.find((each) => each.id === id);
    if (item === undefined) return { status: 404 };
    if (this.behaviour.beginsWhenCancelled === true) this.begin(item);
    item.cancelled = true;
    return { status: 204 };
  }
}

const json = (value: object): { readonly body: string } => ({ body: JSON.stringify(value) });
const actionsOf = ({ parameters }: Item): object[] => [
  {},
  { parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })) },
];
