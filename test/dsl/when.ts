import { gantry, type CommandResult } from './command-line.js';
import type { FollowedDeployment } from './followed-deployment.js';
import type { System } from './system.js';

/** Processes of which every installation has one (or, scaled, more). */
export type ServiceName =
  'orchestrator' | 'orchestrator-2' | 'puppet-dispatcher' | 'lb-controller' | 'gateway' | 'audit';

/** What somebody does, or what befalls the system. */
export function when(system: () => System) {
  const of = (name: ServiceName) => system().installation.service(name);
  const listener = (host: string) => system().installation.listener(host);
  return {
    /** Somebody asks for a build in production. */
    async deploy(evr: string, accept: readonly string[] = []): Promise<FollowedDeployment> {
      const answer = await system().client.requestDeployment({
        application: 'shop',
        environment: 'production',
        evr,
        reason: 'an end to end test',
        accept,
      });
      if (answer.id === undefined) throw new Error(`no deployment: ${JSON.stringify(answer)}`);
      return system().follow(answer.id);
    },

    /** Somebody types `./gantry ...`. */
    gantry(...args: readonly string[]): Promise<CommandResult> {
      return gantry(system().installation.url, args);
    },

    /** A program crashes. */
    killed: (name: ServiceName) => of(name).kill9(),
    /** Its supervisor starts it again. */
    started: (name: ServiceName) => of(name).up(),
    async crashes(name: ServiceName): Promise<void> {
      await of(name).kill9();
      await of(name).up();
    },

    /** The listener of a host crashes while Puppet goes on, and is started again. */
    async listenerCrashes(host: string): Promise<void> {
      listener(host).kill9();
      await listener(host).up();
    },

    /** Several programs crash at the same moment, and all are started again. */
    async allCrash(...names: readonly ServiceName[]): Promise<void> {
      await Promise.all(names.map((name) => of(name).kill9()));
      await Promise.all(names.map((name) => of(name).up()));
    },

    /** The power of a host fails in the middle of everything, and comes back. */
    async powerFails(name: string): Promise<void> {
      const host = system().lab.host(name);
      await host.kill();
      await host.up();
      await listener(name).up();
    },

    /** The broker dies and comes back with an empty store: every message in flight is gone. */
    async brokerLosesItsStore(): Promise<void> {
      const { broker } = system().lab;
      await broker.kill9();
      await broker.wipe();
      await broker.up();
    },

    async postgresCrashes(): Promise<void> {
      const { postgres } = system().lab;
      await postgres.kill9();
      await postgres.up();
    },

    brokerRestarts: () => system().lab.broker.restart(),
    postgresRestarts: () => system().lab.postgres.restart(),
    haproxyReloads: () => system().lab.haproxy.reload(),
  };
}
