import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { StepMachine, type StepMachineOptions } from './step-machine.js';
import { Endings, type StepEngine } from './workflow.js';

/** Everything in this process: log, relay, consumer. */
export async function oneProcess(options: StepMachineOptions): Promise<StepEngine> {
  const endings = new Endings();
  const machine = new StepMachine(options, (id) => endings.ended(id));
  await machine.start();
  return {
    name: 'Gantry',
    run: async () => {
      const id = randomUUID();
      const ended = endings.waitFor(id);
      await machine.begin(id);
      await ended;
    },
    close: () => machine.stop(),
  };
}

/** What a worker says: its machine runs, or a workflow has ended. */
export type WorkerMessage = { readonly ready: true } | { readonly ended: string };

/** Several processes that compete for the relay's job and share the queue, as replicas do. */
export async function severalProcesses(
  count: number,
  options: StepMachineOptions,
): Promise<StepEngine> {
  const endings = new Endings();
  const program = fileURLToPath(new URL('./worker.js', import.meta.url));
  const workers = await Promise.all(
    Array.from({ length: count }, () => startWorker(program, options, endings)),
  );
  let turn = 0;
  return {
    name: `Gantry, ${count} processes`,
    run: async () => {
      const id = randomUUID();
      const ended = endings.waitFor(id);
      workers[turn++ % count]?.send(id);
      await ended;
    },
    close: async () => {
      const exits = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
      for (const worker of workers) worker.disconnect();
      await Promise.all(exits);
    },
  };
}

async function startWorker(
  program: string,
  options: StepMachineOptions,
  endings: Endings,
): Promise<ReturnType<typeof fork>> {
  const worker = fork(program, [JSON.stringify(options)]);
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if ('ended' in message) endings.ended(message.ended);
      else resolve();
    });
    worker.once('exit', () => reject(new Error('a worker of the steps bench ended: see above')));
  });
  return worker;
}
