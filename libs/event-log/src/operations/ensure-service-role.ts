import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** The role a service is to connect as; `url` is the owner's, after the migrations. */
export type ServiceRole = {
  readonly url: string;
  readonly role: string;
  readonly password: string;
  /** @default 'gantry_log_writer' */
  readonly memberOf?: 'gantry_log_writer' | 'gantry_log_reader';
};

/** Makes a login role that may append and read, and cannot rewrite; gives an existing one this password. */
export async function ensureServiceRole(input: ServiceRole): Promise<void> {
  const client = new Client({ connectionString: input.url, application_name: 'gantry-roles' });
  await client.connect();
  try {
    const role = escapeIdentifier(input.role);
    const { rows } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [input.role]);
    const verb = rows.length > 0 ? 'ALTER' : 'CREATE';
    // Utility statements take no parameters.
    await client.query(
      `${verb} ROLE ${role} LOGIN NOSUPERUSER PASSWORD ${escapeLiteral(input.password)}`,
    );
    await client.query(`GRANT ${input.memberOf ?? 'gantry_log_writer'} TO ${role}`);
  } finally {
    await client.end();
  }
}
