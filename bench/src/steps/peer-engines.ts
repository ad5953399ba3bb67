import { installPeers, loadPeer } from '../peers/peer-modules.js';
import { Endings, STEPS, type StepEngine } from './workflow.js';

/** What is used of @dbos-inc/dbos-sdk. */
interface Dbos {
  readonly DBOS: {
    setConfig(config: Readonly<Record<string, unknown>>): void;
    registerWorkflow<T>(
      workflow: (id: string) => Promise<T>,
      options: { name: string },
    ): (id: string) => Promise<T>;
    runStep<T>(step: () => Promise<T>, options: { name: string }): Promise<T>;
    launch(): Promise<void>;
    startWorkflow<T>(
      workflow: (id: string) => Promise<T>,
      options: { workflowID: string },
    ): (id: string) => Promise<{ getResult(): Promise<T> }>;
    shutdown(): Promise<void>;
  };
}

const CONCURRENCY = 32;

/** DBOS: a workflow whose steps' results are written down. */
export async function dbosEngine(databaseUrl: string): Promise<StepEngine> {
  await installPeers();
  const { DBOS } = await loadPeer<Dbos>('@dbos-inc/dbos-sdk');
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: databaseUrl,
    systemDatabasePoolSize: CONCURRENCY,
    logLevel: 'error',
    runAdminServer: false,
  });
  const workflow = DBOS.registerWorkflow(
    async () => {
      for (let step = 0; step < STEPS; step += 1) {
        await DBOS.runStep(() => Promise.resolve(step), { name: `step${step}` });
      }
    },
    { name: 'ten-steps' },
  );
  await DBOS.launch();
  return {
    name: 'DBOS runStep',
    run: async (id) => {
      const handle = await DBOS.startWorkflow(workflow, { workflowID: id })(id);
      await handle.getResult();
    },
    close: () => DBOS.shutdown(),
  };
}

/** What is used of graphile-worker. */
interface Graphile {
  readonly Logger: new (factory: () => () => void) => unknown;
  run(options: Readonly<Record<string, unknown>>): Promise<{
    addJob(task: string, payload: StepJob): Promise<unknown>;
    stop(): Promise<void>;
  }>;
}

interface StepJob {
  readonly id: string;
  readonly step: number;
}

interface JobHelpers {
  addJob(task: string, payload: StepJob): Promise<unknown>;
}

/** graphile-worker: each step is a job that adds the next. */
export async function graphileEngine(databaseUrl: string): Promise<StepEngine> {
  await installPeers();
  const graphile = await loadPeer<Graphile>('graphile-worker');
  const endings = new Endings();
  const takeStep = async ({ id, step }: StepJob, helpers: JobHelpers): Promise<void> => {
    if (step < STEPS) await helpers.addJob('step', { id, step: step + 1 });
    else endings.ended(id);
  };
  const runner = await graphile.run({
    connectionString: databaseUrl,
    concurrency: CONCURRENCY,
    maxPoolSize: CONCURRENCY + 2,
    pollInterval: 1_000,
    noHandleSignals: true,
    logger: new graphile.Logger(() => () => undefined),
    taskList: { step: takeStep },
  });
  return {
    name: 'graphile-worker jobs',
    run: async (id) => {
      const ended = endings.waitFor(id);
      await runner.addJob('step', { id, step: 1 });
      await ended;
    },
    close: () => runner.stop(),
  };
}
