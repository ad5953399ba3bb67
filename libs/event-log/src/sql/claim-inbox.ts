import type { InboxKey } from '../model/event-log.port.js';
import type { SqlRunner } from './sql-runner.js';

const SQL = `INSERT INTO log.inbox (consumer, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`;

/** Notes that a message is being handled; false when it has been. Waits for a transaction that is just handling it. */
export async function claimInbox(
  sql: SqlRunner,
  { consumer, messageId }: InboxKey,
): Promise<boolean> {
  const result = await sql.query({ name: 'log.inbox', text: SQL, values: [consumer, messageId] });
  return result.rowCount === 1;
}
