import type { MigrationInterface } from 'typeorm';
import { CreateEventLog1764000000000 } from './create-event-log.migration.js';

/** A migration as TypeORM takes it: a class whose name ends in the time it was written. */
export type MigrationClass = new () => MigrationInterface;

/** The log's own migrations, to be run together with those of the service that owns the database. */
export const logMigrations: readonly MigrationClass[] = [CreateEventLog1764000000000];
