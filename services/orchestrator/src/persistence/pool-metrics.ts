import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';

/** Tells how many connections to Postgres ordinary work has, and how much work waits for one. */
export function measurePool(
  pool: Pick<Pool, 'totalCount' | 'waitingCount'>,
  registry: Registry,
): void {
  const gauge = new Gauge({
    name: 'gantry_database_connections',
    help: 'Connections to Postgres for ordinary work, and work that waits for one.',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      gauge.set({ state: 'open' }, pool.totalCount);
      gauge.set({ state: 'waited-for' }, pool.waitingCount);
    },
  });
}
