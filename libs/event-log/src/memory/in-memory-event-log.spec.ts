import { eventLogSuite } from '../../test/event-log.suite.js';
import { InMemoryEventLog } from './in-memory-event-log.js';

eventLogSuite('in memory', (codec) => new InMemoryEventLog(codec ? { codec } : {}));
