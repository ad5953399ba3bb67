import type { Installation } from './installation.js';

/** What a wall stands before: a statement on a table, and which of its rows. */
interface Before {
  readonly event: 'INSERT' | 'DELETE';
  readonly table: string;
  readonly when?: string;
}

/** Makes writes of one kind fail in Postgres until it is removed, and counts how often that was run into: a sequence is not rolled back. */
export class Wall {
  private constructor(
    private readonly gantry: Installation,
    private readonly name: string,
    private readonly table: string,
  ) {}

  static async build(
    gantry: Installation,
    name: string,
    { event, table, when = 'true' }: Before,
  ): Promise<Wall> {
    await gantry.postgres.sql(
      `CREATE SEQUENCE public.${name}_hits;
       CREATE FUNCTION public.${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
         BEGIN PERFORM nextval('public.${name}_hits'); RAISE EXCEPTION 'the wall ${name}'; END $$;
       CREATE TRIGGER ${name} BEFORE ${event} ON ${table} FOR EACH ROW WHEN (${when})
         EXECUTE FUNCTION public.${name}()`,
    );
    return new Wall(gantry, name, table);
  }

  /** Waits until it was run into so often. */
  async hit(times: number): Promise<void> {
    await this.gantry.eventually(async () => {
      const sql = `SELECT last_value::int AS hits FROM public.${this.name}_hits WHERE is_called`;
      const [row] = await this.gantry.postgres.sql(sql);
      return Number(row?.['hits'] ?? 0) >= times;
    }, `the wall ${this.name} to be run into`);
  }

  async remove(): Promise<void> {
    await this.gantry.postgres.sql(`DROP TRIGGER ${this.name} ON ${this.table}`);
  }
}
