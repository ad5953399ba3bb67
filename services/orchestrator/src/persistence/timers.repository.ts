import type { Pool } from 'pg';

/** Due timers, each given to one replica at a time. */
export class TimersRepository {
  constructor(private readonly pool: Pool) {}

  /** Streams whose timer is due. They are pushed back a little, so that another replica does not take them meanwhile. */
  async takeDue(limit: number, pushBackMs: number): Promise<readonly string[]> {
    const sql = `UPDATE orchestrator.timer SET due = now() + make_interval(secs => $2::float / 1000)
      WHERE stream IN (SELECT stream FROM orchestrator.timer WHERE due <= now() ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED)
      RETURNING stream`;
    const { rows } = await this.pool.query<{ stream: string }>({
      name: 'take-due-timers',
      text: sql,
      values: [limit, pushBackMs],
    });
    return rows.map((r) => r.stream);
  }
}

/** Due timers, whoever keeps them. */
export type Timers = Pick<TimersRepository, keyof TimersRepository>;
