import { HOST_LOG_TOPIC, hostCommandQueue, HostLogLines } from '@gantry/contracts';
import type { DataOf } from '@gantry/contracts';
import type { Config } from '../config.js';
import { askOnce } from '../health/ask-once.js';
import { probeHealth } from '../health/probe-health.js';
import { runCommand } from '../host/command.js';
import type { Health, RunCommandData } from '../journal/journal-entry.js';
import { publishNotice } from '../presence.js';
import { RoleContext } from '../role-context.js';
import { LISTENER_VERSION } from '../version.js';
import { CommandDesk } from './command-desk.js';
import { LocalPuppetHost } from './local-puppet-host.js';
import { RunConductor } from './run-conductor.js';

const PREFETCH = 5;

/** The role every host has: takes commands from its queue, runs Puppet, tells what became of it. */
export class AgentRole {
  private readonly puppet: LocalPuppetHost;
  private readonly conductor: RunConductor;
  private readonly desk: CommandDesk;

  private constructor(private readonly context: RoleContext) {
    const { config, memory, outbox, bootId } = context;
    this.puppet = new LocalPuppetHost({
      ...config,
      version: LISTENER_VERSION,
      bootId,
      run: runCommand,
      publishLog: (command, lines) => this.publishLog(command, lines),
    });
    this.conductor = new RunConductor({
      memory,
      puppet: this.puppet,
      probe: probeOf,
      send: (reply) => outbox.send(reply),
      now: () => new Date(),
    });
    this.desk = new CommandDesk({
      check: (message) => context.check(message),
      memory,
      conductor: this.conductor,
      puppet: this.puppet,
      refusals: context.refusals,
      resync: context.resync,
      send: (reply) => outbox.send(reply),
      now: () => new Date(),
    });
  }

  /** Goes on with what an earlier life left, then consumes. */
  static start(config: Config): AgentRole {
    const context = new RoleContext(config);
    const role = new AgentRole(context);
    void role.puppet.warmUp();
    void role.conductor.resume();
    const queue = { destination: hostCommandQueue(config.certname), prefetch: PREFETCH };
    context.serve(
      queue,
      (message) => role.desk.take(message),
      () => role.conductor.busyWith,
    );
    return role;
  }

  /** Runs that are under way go on without this process; their end is found by the next one. */
  stop(): Promise<void> {
    return this.context.stop();
  }

  private publishLog(command: RunCommandData, lines: DataOf<typeof HostLogLines>['lines']): void {
    const { config, key, link } = this.context;
    const data = { host: command.aud.host, cmdId: command.cmdId, stream: command.stream, lines };
    publishNotice(link, HOST_LOG_TOPIC, HostLogLines, data, { host: config.certname, key });
  }
}

function probeOf(command: RunCommandData): Promise<Health> {
  if (command.health === null) throw new Error(`Command ${command.cmdId} has no health check.`);
  return probeHealth(command.health, command.wanted[0]?.evr, askOnce);
}
