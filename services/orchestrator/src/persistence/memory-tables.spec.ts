import { MemoryDatabase } from '../../test/memory-database.js';
import { tablesSuite } from '../../test/tables.suite.js';

tablesSuite('in memory', () => {
  const database = new MemoryDatabase(() => Date.now());
  const { tables } = database;
  return Promise.resolve({
    log: database,
    allocations: tables,
    timers: tables,
    active: database,
    standings: tables,
  });
});
