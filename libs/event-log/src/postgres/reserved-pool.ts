import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool, type PoolClient, type PoolConfig } from 'pg';

const urgent = new AsyncLocalStorage<true>();

/** Whatever this work asks of a pool with reserved connections is asked of those: it does not wait behind ordinary work. */
export function urgently<T>(work: () => Promise<T>): Promise<T> {
  return urgent.run(true, work);
}

type Taken = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** A pool of which a few connections are kept for urgent work; both `connect` and `query` go by that. */
export class ReservedPool extends Pool {
  constructor(
    config: PoolConfig,
    private readonly reserve: Pool,
  ) {
    super(config);
  }

  override connect(): Promise<PoolClient>;
  override connect(taken: Taken): void;
  override connect(taken?: Taken): Promise<PoolClient> | undefined {
    const connect: Connect = urgent.getStore()
      ? this.reserve.connect.bind(this.reserve)
      : super.connect.bind(this);
    return connect(taken);
  }

  override end(): Promise<void>;
  override end(ended: () => void): void;
  override end(ended?: () => void): Promise<void> | undefined {
    const both = Promise.all([this.reserve.end(), super.end()]).then(() => undefined);
    if (ended === undefined) return both;
    void both.then(ended);
    return undefined;
  }
}

/** pg's two ways of calling in one: its types tell them apart, its code does not. */
type Connect = (taken?: Taken) => Promise<PoolClient> | undefined;
