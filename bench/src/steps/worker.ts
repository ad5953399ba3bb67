import type { WorkerMessage } from './gantry-engine.js';
import { StepMachine, type StepMachineOptions } from './step-machine.js';

/** One replica of the steps bench: begins the workflows its parent names, and tells it which have ended. */
const options = JSON.parse(process.argv[2] ?? '{}') as StepMachineOptions;
const tell = (message: WorkerMessage): void => void process.send?.(message);
const machine = new StepMachine(options, (id) => tell({ ended: id }));
process.on('message', (id) => void machine.begin(String(id)));
process.on('disconnect', () => void machine.stop().then(() => process.exit(0)));
await machine.start();
tell({ ready: true });
