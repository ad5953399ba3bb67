export { converseStomp } from './infra/converse-stomp.js';
export { startTestBroker, startTestPostgres } from './infra/start.js';
export type { TestBroker } from './infra/test-broker.js';
export type { TestPostgres } from './infra/test-postgres.js';
