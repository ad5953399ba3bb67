import {
  HOST_LOG_TOPIC,
  hostCommandQueue,
  HostFactsReported,
  HostLogLines,
  HostRunFinished,
  HostRunStatus,
} from '@gantry/contracts';
import type { DataOf } from '@gantry/contracts';
import type { Config } from '../config.js';
import type { Received } from '../connection/link.js';
import { askOnce } from '../health/ask-once.js';
import { probeHealth } from '../health/probe-health.js';
import { runCommand } from '../host/command.js';
import { log } from '../host/log.js';
import type { Health, RunCommandData } from '../journal/journal-entry.js';
import { JournalUnwritableError } from '../journal/journal.js';
import { publishNotice } from '../presence.js';
import { notRun } from '../puppet/verdict-parts.js';
import { RoleContext } from '../role-context.js';
import { isSettled, statusOf } from '../run-state.js';
import type { Refusal } from '../security/command-gate.js';
import type { ParsedCommand } from '../security/parse-command.js';
import { LISTENER_VERSION } from '../version.js';
import { LocalPuppetHost } from './local-puppet-host.js';
import { RunConductor } from './run-conductor.js';

const PREFETCH = 5;
type Taken<A extends ParsedCommand['action']> = Extract<ParsedCommand, { action: A }>;

/** The role every host has: takes commands from its queue, runs Puppet, tells what became of it. */
export class AgentRole {
  private readonly puppet: LocalPuppetHost;
  private readonly conductor: RunConductor;

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
      (message) => role.take(message),
      () => role.conductor.busyWith,
    );
    return role;
  }

  /** Runs that are under way go on without this process; their end is found by the next one. */
  stop(): Promise<void> {
    return this.context.stop();
  }

  private take(message: Received): void {
    const answer = this.context.check(message);
    if (answer.kind === 'refused') this.refuse(answer);
    if (answer.kind === 'repeat') this.handle(answer.command, true);
    if (answer.kind === 'accepted') this.handle(answer.command, false);
    // After the journal has it: a crash before this line brings the message again.
    message.ack();
  }

  private handle(command: ParsedCommand, repeated: boolean): void {
    switch (command.action) {
      case 'run':
        if (repeated) this.conductor.repeat(command.data.cmdId);
        else this.acceptRun(command);
        break;
      case 'query':
        this.seen(command, repeated);
        this.answerQuery(command);
        break;
      case 'facts':
        this.seen(command, repeated);
        void this.answerFacts(command);
        break;
      case 'desired':
        break;
    }
  }

  private acceptRun(command: Taken<'run'>): void {
    try {
      this.context.memory.append({
        kind: 'accepted',
        context: command.context,
        command: command.data,
      });
    } catch (error) {
      if (!(error instanceof JournalUnwritableError)) throw error;
      const why = 'journal-unwritable' as const;
      this.refuse({ kind: 'refused', code: why, why, detail: error.message, command });
      return;
    }
    log('info', 'run accepted', { cmdId: command.data.cmdId, noop: command.data.noop });
    this.conductor.enqueue(command.data.cmdId);
  }

  private seen({ data }: Taken<'query' | 'facts'>, repeated: boolean): void {
    if (repeated) return;
    this.context.memory.note({ kind: 'seen', cmdId: data.cmdId, seq: data.seq, epoch: data.epoch });
  }

  private answerQuery({ data, context }: Taken<'query'>): void {
    const state = this.context.memory.ledger.runs.get(data.about);
    if (state !== undefined) this.conductor.repeat(data.about);
    if (state !== undefined && isSettled(state)) return;
    const status = { about: data.about, state: statusOf(state) };
    this.context.outbox.send({ definition: HostRunStatus, data: status, context });
  }

  private async answerFacts({ data, context }: Taken<'facts'>): Promise<void> {
    const facts = await this.puppet.facts(data.packages);
    this.context.outbox.send({ definition: HostFactsReported, data: facts, context });
    void this.puppet.forgetMetadata(context.stream);
  }

  /** A signed command that will not be run is answered, so that nobody waits for it; everything else is only counted. */
  private refuse(refusal: Refusal): void {
    this.context.refusals.add(refusal);
    const { command, why, detail } = refusal;
    if (command?.action !== 'run') return;
    const data: Omit<DataOf<typeof HostRunFinished>, keyof DataOf<typeof HostRunStatus>> = {
      verdict: notRun(why, detail),
      exitCode: null,
      report: null,
      before: [],
      after: [],
      startedAt: null,
      finishedAt: new Date().toISOString(),
    };
    this.context.outbox.send({ definition: HostRunFinished, data, context: command.context });
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
