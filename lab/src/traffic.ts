import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, ask } from './traffic-request.js';

/** How the shop's customers behave. */
export interface TrafficOptions {
  /** The pool's address, on loopback. */
  readonly url: string;
  /** Versions a right answer may name; more with allow(). */
  readonly versions: readonly string[];
  readonly keepAliveClients?: number;
  readonly newConnectionClients?: number;
  readonly slowClients?: number;
  readonly slowMs?: number;
  /** All clients together; slow responses come on top. */
  readonly requestsPerSecond?: number;
  /** Ends by itself after this time, should nobody stop it. */
  readonly maxDurationMs?: number;
}

/** A request that did not get a right answer. */
export interface TrafficProblem {
  readonly at: string;
  readonly client: string;
  readonly problem: string;
}

/** What the customers saw. */
export interface TrafficReport {
  readonly requests: number;
  readonly failed: number;
  readonly wrong: number;
  readonly byVersion: Readonly<Record<string, number>>;
  readonly byHost: Readonly<Record<string, number>>;
  /** The first few, to look at. */
  readonly problems: readonly TrafficProblem[];
}

const KEPT_PROBLEMS = 20;

/** Customers that never stop asking, and count every answer that is not right. */
export class Traffic {
  private readonly stopping = new AbortController();
  private readonly versions: Set<string>;
  private readonly clients: Promise<void>[];
  private readonly deadline: NodeJS.Timeout;
  private readonly problems: TrafficProblem[] = [];
  private readonly byVersion: Record<string, number> = {};
  private readonly byHost: Record<string, number> = {};
  private requests = 0;
  private failed = 0;
  private wrong = 0;

  constructor(private readonly options: TrafficOptions) {
    this.versions = new Set(options.versions);
    const { keepAliveClients = 4, newConnectionClients = 4, slowClients = 2 } = options;
    const steady = keepAliveClients + newConnectionClients;
    const pauseMs = (1000 * steady) / (options.requestsPerSecond ?? 40);
    const slowPath = `/slow?ms=${options.slowMs ?? 300}`;
    this.clients = [
      ...many(keepAliveClients, () => this.client('keep-alive', '/version', pauseMs)),
      ...many(newConnectionClients, () => this.client('new connection', '/version', pauseMs)),
      ...many(slowClients, () => this.client('keep-alive slow', slowPath, 700)),
    ];
    this.deadline = setTimeout(() => this.stopping.abort(), options.maxDurationMs ?? 3_600_000);
    this.deadline.unref();
  }

  /** From now on this version is a right answer too. */
  allow(version: string): void {
    this.versions.add(version);
  }

  /** From now on this version is a wrong answer, e.g. after it was rolled back everywhere. */
  disallow(version: string): void {
    this.versions.delete(version);
  }

  report(): TrafficReport {
    const { requests, failed, wrong } = this;
    const seen = { byVersion: { ...this.byVersion }, byHost: { ...this.byHost } };
    return { requests, failed, wrong, ...seen, problems: [...this.problems] };
  }

  async stop(): Promise<TrafficReport> {
    clearTimeout(this.deadline);
    this.stopping.abort();
    await Promise.all(this.clients);
    return this.report();
  }

  private async client(kind: string, path: string, pauseMs: number): Promise<void> {
    const { signal } = this.stopping;
    const agent = new Agent({ keepAlive: kind.startsWith('keep-alive'), maxSockets: 1 });
    // Spread the clients over the pause, so that the rate is even.
    await delay(Math.random() * pauseMs, undefined, { signal }).catch(() => undefined);
    while (!signal.aborted) {
      const startedAt = Date.now();
      this.count(kind, await ask(new URL(path, this.options.url), agent));
      const rest = Math.max(0, pauseMs - (Date.now() - startedAt));
      await delay(rest, undefined, { signal }).catch(() => undefined);
    }
    agent.destroy();
  }

  private count(client: string, answer: Answer): void {
    this.requests += 1;
    switch (answer.kind) {
      case 'failed':
        this.failed += 1;
        this.keep(client, answer.why);
        break;
      case 'malformed':
        this.wrong += 1;
        this.keep(client, answer.why);
        break;
      case 'answered':
        this.byVersion[answer.version] = (this.byVersion[answer.version] ?? 0) + 1;
        this.byHost[answer.host] = (this.byHost[answer.host] ?? 0) + 1;
        if (this.versions.has(answer.version)) return;
        this.wrong += 1;
        this.keep(client, `version ${answer.version} from ${answer.host}`);
    }
  }

  private keep(client: string, problem: string): void {
    if (this.problems.length >= KEPT_PROBLEMS) return;
    this.problems.push({ at: new Date().toISOString(), client, problem });
  }
}

function many<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
