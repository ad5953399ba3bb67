import { randomBytes } from 'node:crypto';
import { LabError } from '@gantry/lab';
import { queryPostgres, type Row } from './query-postgres.js';
import { TestServer, type ServerControl } from './test-server.js';

const MAIN = 'main';

/** A Postgres that a provider started or found. */
export interface PostgresServer extends ServerControl {
  /** A superuser's URL of a database that is always there. */
  readonly adminUrl: string;
}

/**
 * A Postgres for one spec file, with a database of its own to begin with.
 * Databases and roles carry a tag: on a shared server they meet nobody's.
 */
export class TestPostgres extends TestServer {
  private readonly tag = `gantry_test_${randomBytes(4).toString('hex')}`;
  private readonly databases: string[] = [];
  private readonly passwords = new Map<string, string>();

  private constructor(private readonly server: PostgresServer) {
    super(server);
  }

  /** Makes the spec's first database; stops the server when that fails. */
  static async open(server: PostgresServer): Promise<TestPostgres> {
    const postgres = new TestPostgres(server);
    try {
      await postgres.createDatabase(MAIN);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return postgres;
  }

  /** Connection URL of a database, as the superuser unless a role is named that `createRole` made. */
  url(database = MAIN, role?: string): string {
    const url = new URL(this.server.adminUrl);
    url.pathname = `/${this.named(database)}`;
    if (role === undefined) return url.href;
    const password = this.passwords.get(role);
    if (password === undefined)
      throw new LabError(`No database role ${role}`, 'nobody made it', 'call createRole() first');
    url.username = this.named(role);
    url.password = password;
    return url.href;
  }

  /** Makes an empty database and returns its URL. */
  async createDatabase(name: string): Promise<string> {
    await this.asAdmin(`CREATE DATABASE ${this.named(name)} TEMPLATE template0 ENCODING 'UTF8'`);
    this.databases.push(name);
    return this.url(name);
  }

  /** Makes a role that may log in and nothing else. */
  async createRole(name: string): Promise<void> {
    const password = randomBytes(12).toString('hex');
    await this.asAdmin(`CREATE ROLE ${this.named(name)} LOGIN PASSWORD '${password}'`);
    this.passwords.set(name, password);
  }

  /** Runs SQL as the superuser; returns the rows of the last statement. */
  sql(statement: string, database = MAIN): Promise<readonly Row[]> {
    return queryPostgres(this.url(database), statement);
  }

  /** Copies the files of a database to which nothing is connected. */
  async backUp(as: string, database = MAIN): Promise<void> {
    await this.asAdmin(`CREATE DATABASE ${this.named(as)} TEMPLATE ${this.named(database)}`);
    this.databases.push(as);
  }

  /** Puts the copy in the place of the database, to which nothing is connected. */
  async restore(from: string, database = MAIN): Promise<void> {
    await this.asAdmin(`DROP DATABASE ${this.named(database)}`);
    await this.asAdmin(`CREATE DATABASE ${this.named(database)} TEMPLATE ${this.named(from)}`);
  }

  protected override async cleanUp(): Promise<void> {
    for (const name of this.databases)
      await this.asAdmin(`DROP DATABASE ${this.named(name)} WITH (FORCE)`);
    for (const name of this.passwords.keys()) await this.asAdmin(`DROP ROLE ${this.named(name)}`);
  }

  private asAdmin(statement: string): Promise<readonly Row[]> {
    return queryPostgres(this.server.adminUrl, statement);
  }

  private named(name: string): string {
    if (!/^[a-z_][a-z0-9_]{0,31}$/.test(name))
      throw new LabError(
        `Cannot use the name ${JSON.stringify(name)} in Postgres`,
        'it would need quoting',
        'take lower-case letters, digits and _, at most 32',
      );
    return `${this.tag}_${name}`;
  }
}
