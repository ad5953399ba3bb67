export {
  BrokerAwayError,
  BrokerModel,
  CLEAR,
  type Publication,
  type Weather,
} from './broker-model.js';
export type { Delivery, Mishap } from './broker-queue.js';
export { Life, ProcessDiedError } from './life.js';
export { Random } from './random.js';
export { shrink } from './shrink.js';
export { SimProcess, type CrashPoint } from './sim-process.js';
export { Simulation } from './simulation.js';
export { Sometimes } from './sometimes.js';
export { Trace, type TraceEntry } from './trace.js';
export { must, Violation } from './violation.js';
