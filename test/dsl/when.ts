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

    brokerRestarts: () => system().lab.broker.restart(),
    postgresRestarts: () => system().lab.postgres.restart(),
    haproxyReloads: () => system().lab.haproxy.reload(),
  };
}
