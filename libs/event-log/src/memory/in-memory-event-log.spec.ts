import { eventLogSuite, type LogFactory } from '../../test/event-log.suite.js';
import { eventValuesSuite } from '../../test/event-values.suite.js';
import { InMemoryEventLog } from './in-memory-event-log.js';

const make: LogFactory = (codec) => new InMemoryEventLog(codec ? { codec } : {});
eventLogSuite('in memory', make);
eventValuesSuite('in memory', make);
