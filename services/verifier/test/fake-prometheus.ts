import { TracedServer, type Answer } from './traced-server.js';

/** A Prometheus that gives what it is told to, one value after the other; the last one stays. */
export class FakePrometheus {
  private constructor(private readonly server: TracedServer) {}

  static async start(values: readonly (readonly string[] | Answer)[]): Promise<FakePrometheus> {
    let n = 0;
    const server = await TracedServer.start(({ path, query }) => {
      if (path !== '/prom/api/v1/query') return { status: 404, body: 'page not found' };
      if (query.get('query') === null) return errorAnswer(400, 'no query');
      const value = values[Math.min(n, values.length - 1)] ?? [];
      n += 1;
      return Array.isArray(value) ? vectorAnswer(value as readonly string[]) : (value as Answer);
    });
    return new FakePrometheus(server);
  }

  get url(): string {
    return `${this.server.url}/prom/`;
  }

  get queries(): readonly (string | null)[] {
    return this.server.asked.map(({ query }) => query.get('query'));
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

const vectorAnswer = (values: readonly string[]): Answer => ({
  body: JSON.stringify({
    status: 'success',
    data: {
      resultType: 'vector',
      result: values.map((value, host) => ({
        metric: { host: String(host) },
        value: [1.5, value],
      })),
    },
  }),
});

/** The answer of Prometheus to what it cannot do. */
export const errorAnswer = (status: number, error: string): Answer => ({
  status,
  body: JSON.stringify({ status: 'error', errorType: 'bad_data', error }),
});
