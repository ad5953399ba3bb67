import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';

/** A piece of work that killed the process so many times. */
export interface Killer {
  readonly stream: string;
  readonly work: string;
  readonly deaths: number;
}

/** Token of the ledger. */
export const CRASH_LEDGER: unique symbol = Symbol('orchestrator.crash-ledger');

/** Notes what is worked on, where a process died lately; a later life reads there what it died of. */
export interface CrashLedger {
  /** Begins this life: what the lives before it died of too often. */
  begin(): Promise<readonly Killer[]>;
  /** Notes the work while it goes on. */
  during<T>(stream: string, work: string, does: () => Promise<T>): Promise<T>;
  /** Forgets what the stream did to earlier lives. */
  forgive(stream: string): Promise<void>;
  /** This life ends in order. */
  end(): Promise<void>;
}

/** How long a life that follows a death takes notes: noting costs a round trip or two for each piece of work. */
const CAREFUL_MS = 300_000;

/**
 * A life holds a lock of its session, so that its death shows at once, however it came. What it worked on then counts one death.
 * Only a life that follows a death takes notes: the first death of a row is not blamed on anybody.
 */
export class PostgresCrashLedger implements CrashLedger {
  private readonly life = randomUUID();
  private carefulUntil = 0;
  private session: PoolClient | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly nowMs: () => number,
    /** Deaths of lives that took notes from which on a piece of work is named. */
    private readonly tooManyDeaths: number,
  ) {}

  async begin(): Promise<readonly Killer[]> {
    this.session = await this.pool.connect();
    // A lost session only means that another life may take this one for dead.
    this.session.on('error', () => undefined);
    await this.session.query('SELECT pg_advisory_lock(hashtextextended($1, 7))', [this.life]);
    await this.session.query('INSERT INTO orchestrator.life (life) VALUES ($1)', [this.life]);
    if ((await this.bury(this.session)) > 0) this.carefulUntil = this.nowMs() + CAREFUL_MS;
    const { rows } = await this.pool.query<Killer>(
      'SELECT stream, work, deaths FROM orchestrator.hazard WHERE deaths >= $1',
      [this.tooManyDeaths],
    );
    return rows;
  }

  async during<T>(stream: string, work: string, does: () => Promise<T>): Promise<T> {
    if (this.nowMs() >= this.carefulUntil) return does();
    const note = [this.life, stream, work];
    await this.noted(NOTE, note);
    try {
      return await does();
    } finally {
      await this.noted(SURVIVED, note);
    }
  }

  /** A note that cannot be made costs one more death, never the work: what the database refuses, the work finds out by itself. */
  private async noted(sql: string, values: readonly string[]): Promise<void> {
    await this.pool.query(sql, [...values]).catch(() => undefined);
  }

  async forgive(stream: string): Promise<void> {
    await this.pool.query('DELETE FROM orchestrator.hazard WHERE stream = $1', [stream]);
  }

  async end(): Promise<void> {
    await this.pool.query(FORGET, [[this.life]]);
    this.session?.release(true);
    this.session = undefined;
  }

  /** Counts the deaths of lives whose session is gone, and removes them; how many there were. */
  private async bury(session: PoolClient): Promise<number> {
    const { rows } = await session.query<{ life: string; dead: boolean }>(OTHERS, [this.life]);
    const dead = rows.filter((row) => row.dead).map((row) => row.life);
    if (dead.length === 0) return 0;
    await session.query(COUNT_DEATHS, [dead]);
    await session.query(FORGET, [dead]);
    for (const life of dead)
      await session.query('SELECT pg_advisory_unlock(hashtextextended($1, 7))', [life]);
    return dead.length;
  }
}

const FORGET = `WITH notes AS (DELETE FROM orchestrator.at_work WHERE life = ANY ($1))
  DELETE FROM orchestrator.life WHERE life = ANY ($1)`;

const NOTE =
  'INSERT INTO orchestrator.at_work (life, stream, work) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';

const SURVIVED = `WITH done AS (DELETE FROM orchestrator.at_work WHERE life = $1 AND stream = $2 AND work = $3)
  DELETE FROM orchestrator.hazard WHERE stream = $2 AND work = $3`;

const OTHERS = `SELECT life, pg_try_advisory_lock(hashtextextended(life::text, 7)) AS dead
  FROM orchestrator.life WHERE life <> $1`;

const COUNT_DEATHS = `INSERT INTO orchestrator.hazard AS h (stream, work, deaths)
  SELECT stream, work, count(*) FROM orchestrator.at_work WHERE life = ANY ($1) GROUP BY stream, work
  ON CONFLICT (stream, work) DO UPDATE SET deaths = h.deaths + excluded.deaths`;
