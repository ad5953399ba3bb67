import { randomUUID } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import {
  BuildGone,
  BuildInspection,
  BuildObserved,
  CommandReply,
  RequestDeployment,
  type AnyMessage,
  type DataOf,
} from '@gantry/contracts';
import { waitUntil } from '@gantry/lab';
import {
  brokerEnv,
  httpEnv,
  loadConfig,
  runService,
  type KitConfig,
  type RunningService,
} from '@gantry/service-kit';
import {
  startTestBroker,
  startTestPostgres,
  type TestBroker,
  type TestPostgres,
} from '@gantry/testing';
import { z } from 'zod';
import { OrchestratorProcess } from './orchestrator-process.js';
import { Delivery, startSimulation } from './simulated-services.js';
import { SimulatedGates } from './simulated-gates.js';
import { SimulatedFleet } from './simulated-fleet.js';

export const HOSTS = ['web1.test', 'web2.test', 'web3.test', 'web4.test'] as const;

const application = (name: string, canaries: number) => ({
  packages: [{ name, hieraKey: `profile::${name}::version` }],
  health: { url: 'http://127.0.0.1:8080/health' },
  strategy: { canary: { hosts: canaries }, maxUnavailablePercent: 50, minPercent: 50 },
});

/** Two applications on the same four hosts and in the same pool, as JSON, which is YAML. */
export const FLEET = {
  version: 1,
  applications: { shop: application('shop', 1), portal: application('portal', 0) },
  pools: {
    web: { device: 'lb', backend: 'web', members: Object.fromEntries(HOSTS.map((h) => [h, h])) },
  },
  puppetServers: { 'puppet.test': {} },
  environments: {
    production: {
      puppetServers: ['puppet.test'],
      applications: {
        shop: { hosts: HOSTS, pools: ['web'] },
        portal: { hosts: HOSTS, pools: ['web'] },
      },
    },
  },
};

/** An event as it stands in the log. */
export interface Logged {
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** What of a request for a deployment is not as usual. */
interface DeployOptions {
  readonly id?: string;
  readonly messageId?: string;
  readonly environment?: string;
  readonly accept?: readonly string[];
}

@Module({})
class AskingModule {}

/** Orchestrators as processes on a real Postgres and a real broker; everything behind them is simulated. */
export class Installation {
  readonly fleet = new SimulatedFleet(HOSTS);
  readonly delivery = new Delivery();
  readonly gates = new SimulatedGates();
  readonly orchestrators: OrchestratorProcess[] = [];
  private readonly services: RunningService[] = [];

  private constructor(
    readonly postgres: TestPostgres,
    readonly broker: TestBroker,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Installation> {
    const [postgres, broker, folder] = await Promise.all([
      startTestPostgres(),
      startTestBroker(),
      mkdtemp(join(tmpdir(), 'gantry-orchestrator-')),
      OrchestratorProcess.build(),
    ]);
    await postgres.createRole('orchestrator');
    const installation = new Installation(postgres, broker, folder);
    await installation.writeFleet(JSON.stringify(FLEET, null, 1));
    const simulated = startSimulation(installation, (name) => installation.configOf(name));
    const [asking, watcher] = await Promise.all([
      installation.speaker('gateway'),
      installation.speaker('build-watcher'),
    ]);
    installation.services.push(asking, watcher, ...(await simulated));
    return installation;
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.orchestrators.map((o) => o.stop()));
    await Promise.allSettled(this.services.map((s) => s.close()));
    await Promise.allSettled([this.postgres.stop(), this.broker.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Ends every orchestrator; everything else goes on. */
  async stopOrchestrators(): Promise<void> {
    await Promise.all(this.orchestrators.splice(0).map((o) => o.stop()));
  }

  /** One more orchestrator. */
  async orchestrator(env: Readonly<Record<string, string>> = {}): Promise<OrchestratorProcess> {
    const started = await OrchestratorProcess.start({
      ...this.brokerOf('orchestrator'),
      GANTRY_DATABASE_URL: this.postgres.url('main', 'orchestrator'),
      GANTRY_MIGRATION_URL: this.postgres.url(),
      GANTRY_FLEET_FILE: join(this.folder, 'fleet.yaml'),
      GANTRY_LOG_MARK_FILE: join(this.folder, 'log-mark.json'),
      GANTRY_EXPECTED_SERVICES: '',
      GANTRY_FLEET_POLL_MS: '100',
      GANTRY_TIMER_POLL_MS: '50',
      ...env,
    });
    this.orchestrators.push(started);
    return started;
  }

  /** Puts a fleet file in place, whole, as an editor would. */
  async writeFleet(text: string): Promise<void> {
    await writeFile(join(this.folder, 'fleet.new'), text);
    await rename(join(this.folder, 'fleet.new'), join(this.folder, 'fleet.yaml'));
  }

  /** Gives a command as the gateway does. */
  async ask<D extends AnyMessage>(
    definition: D,
    data: DataOf<D>,
    id: string = randomUUID(),
    actor = 'tester',
  ): Promise<CommandReply> {
    const [asking] = this.services;
    const options = { id, actor, timeoutMs: 20_000 };
    return CommandReply.parse(await asking?.bus.request(definition, data, options));
  }

  /** Publishes any bytes as lb-controller, as a program that is broken or of another version would. */
  async raw(text: string, destination: string): Promise<void> {
    await this.services[2]?.bus.send(new TextEncoder().encode(text), { destination });
  }

  /** Announces a build of a package, and waits until it is in the log. */
  async build(name: string, evr: string): Promise<void> {
    await this.services[1]?.bus.publish(BuildObserved, buildOf(name, evr), {});
    await this.eventually(
      async () => (await this.events('build')).some((e) => e.data['evr'] === evr),
      `${name} ${evr} to be known`,
    );
  }

  /** Announces a build with what was found in it, and waits until that is in the log. */
  async inspected(name: string, evr: string, inspection: BuildInspection): Promise<void> {
    const data = { ...buildOf(name, evr), inspection };
    await this.services[1]?.bus.publish(BuildObserved, data, {});
    const wanted = JSON.stringify(inspection);
    await this.eventually(
      async () =>
        (await this.events('build', `${name}-${evr}`)).some(
          (e) => JSON.stringify(BuildInspection.safeParse(e.data['inspection']).data) === wanted,
        ),
      `what is in ${name} ${evr} to be known`,
    );
  }

  /** Tells that the repository has the build no more, and waits until that is in the log. */
  async buildGone(name: string, evr: string): Promise<void> {
    await this.services[1]?.bus.publish(BuildGone, BuildGone.schema.parse(buildOf(name, evr)), {});
    await this.eventually(
      async () => (await this.events('build', `${name}-${evr}`)).at(-1)?.type === 'build.unlisted',
      `${name} ${evr} to be gone`,
    );
  }

  /** Tells that the repository has it again, and waits until that is in the log. */
  async buildBack(name: string, evr: string): Promise<void> {
    await this.services[1]?.bus.publish(BuildObserved, buildOf(name, evr), {});
    await this.eventually(
      async () => (await this.events('build', `${name}-${evr}`)).at(-1)?.type === 'build.listed',
      `${name} ${evr} to be back`,
    );
  }

  /** Asks for a deployment; answers with its id and the reply. */
  async deploy(
    application: string,
    evr: string,
    asked: DeployOptions = {},
  ): Promise<{ readonly id: string; readonly reply: CommandReply }> {
    const { id = randomUUID(), messageId = randomUUID(), environment = 'production' } = asked;
    const { accept = [] } = asked;
    const data = RequestDeployment.schema.parse({
      deploymentId: id,
      application,
      environment,
      evr,
      reason: 'test',
      accept,
    });
    return { id, reply: await this.ask(RequestDeployment, data, messageId) };
  }

  /** Events of a type of stream, or of one stream, in the log's order. */
  async events(streamType: string, id?: string): Promise<readonly Logged[]> {
    const one = id === undefined ? '' : ` AND stream_id = '${id}'`;
    const rows = await this.postgres.sql(
      `SELECT stream_type || '-' || stream_id AS stream, stream_version AS version, type, data
       FROM log.event WHERE stream_type = '${streamType}'${one} ORDER BY xid, position`,
    );
    return rows as unknown as readonly Logged[];
  }

  /** Type of the last event of a deployment. */
  async lastOf(id: string): Promise<string | undefined> {
    return (await this.events('deployment', id)).at(-1)?.type;
  }

  async ends(id: string, end: string): Promise<void> {
    await this.eventually(
      async () => (await this.lastOf(id)) === `deployment.${end}`,
      `${id} to have ${end}`,
      async () => JSON.stringify((await this.events('deployment', id)).slice(-4)),
    );
  }

  /** Waits for it, by looking. */
  async eventually(
    condition: () => boolean | Promise<boolean>,
    what: string,
    more: () => Promise<string> = () => Promise.resolve(''),
  ): Promise<void> {
    await waitUntil(condition, {
      deadlineMs: 90_000,
      onTimeout: async () => new Error(`waited for ${what}: ${await more()}`),
    });
  }

  private speaker(name: 'gateway' | 'build-watcher'): Promise<RunningService> {
    return runService({
      name,
      config: this.configOf(name),
      module: AskingModule,
      families: [],
      writeLog: () => undefined,
    });
  }

  private configOf(principal: string): KitConfig {
    return loadConfig(z.object({ ...brokerEnv, ...httpEnv }), this.brokerOf(principal));
  }

  private brokerOf(principal: string): Record<string, string> {
    return this.broker.environment(principal);
  }
}

const buildOf = (name: string, evr: string) =>
  BuildObserved.schema.parse({
    ...{ repository: 'test', name, evr, arch: 'noarch', sha256: 'a'.repeat(64), sizeBytes: 1 },
    ...{ builtAt: '2026-01-01T00:00:00.000Z', location: `${name}.rpm` },
  });
