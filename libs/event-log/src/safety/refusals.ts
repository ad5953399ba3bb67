import type { DatabaseFacts } from './read-database-facts.js';

/** One reason not to start: what was found, and what to do. */
export type Refusal = { readonly reason: RefusalReason; readonly message: string };

/** The kinds of reasons; those of a role can be allowed for development. */
export type RefusalReason =
  | 'setting'
  | 'schema'
  | 'history-in-future'
  | 'append-only-off'
  | 'cannot-append'
  | 'superuser'
  | 'owner'
  | 'may-rewrite';

/** Why this database's migrations are not those that the program was written for. */
export function schemaRefusals(
  done: readonly string[],
  wanted: readonly string[],
): readonly Refusal[] {
  const missing = wanted.filter((name) => !done.includes(name));
  const refusals: Refusal[] = [];
  if (missing.length > 0) {
    refusals.push({
      reason: 'schema',
      message: `the database lacks ${missing.join(', ')}: run the migrations as its owner`,
    });
  }
  const newer = done.filter((name) => /EventLog\d{13}$/.test(name) && !wanted.includes(name));
  if (newer.length > 0) {
    refusals.push({
      reason: 'schema',
      message: `the database has ${newer.join(', ')}, which this program does not know: start the newer program`,
    });
  }
  return refusals;
}

/** Everything about server, data and role that would break a promise of the log. */
export function databaseRefusals(facts: DatabaseFacts): readonly Refusal[] {
  return [...settingRefusals(facts), ...historyRefusals(facts), ...roleRefusals(facts)];
}

function settingRefusals(facts: DatabaseFacts): readonly Refusal[] {
  return (['fsync', 'synchronous_commit', 'full_page_writes'] as const)
    .filter((name) => facts[name] === 'off')
    .map((name) => ({
      reason: 'setting',
      message: `${name} is off: an event that was confirmed could be lost in a crash. Set ${name} = on, also for this role and database`,
    }));
}

function historyRefusals(facts: DatabaseFacts): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (facts.in_future) {
    refusals.push({
      reason: 'history-in-future',
      message:
        `events carry transaction numbers up to ${facts.max_xid ?? '?'}, this server is only at ${facts.next_xid}: ` +
        'a dump was restored into a younger cluster and readers would see none of it. Run rebaseRestoredLog as the owner',
    });
  }
  if (!facts.trigger_on) {
    refusals.push({
      reason: 'append-only-off',
      message:
        'the trigger that keeps log.event append-only is missing or off: somebody may have rewritten events. ' +
        'Verify all streams, then ALTER TABLE log.event ENABLE ALWAYS TRIGGER event_is_append_only',
    });
  }
  return refusals;
}

function roleRefusals(facts: DatabaseFacts): readonly Refusal[] {
  const { role } = facts;
  const connectAs = 'Connect as a role that is only a member of gantry_log_writer';
  if (facts.superuser) {
    return [
      {
        reason: 'superuser',
        message: `role ${role} is a superuser and could rewrite events. ${connectAs}`,
      },
    ];
  }
  if (facts.owner) {
    return [
      {
        reason: 'owner',
        message: `role ${role} owns log.event and could rewrite events. ${connectAs}`,
      },
    ];
  }
  const refusals: Refusal[] = [];
  if (facts.may_rewrite) {
    refusals.push({
      reason: 'may-rewrite',
      message: `role ${role} may UPDATE, DELETE, TRUNCATE or put triggers on log.event: revoke that. ${connectAs}`,
    });
  }
  if (!facts.may_append) {
    refusals.push({
      reason: 'cannot-append',
      message: `role ${role} may not read and append events: GRANT gantry_log_writer TO ${role}`,
    });
  }
  return refusals;
}
