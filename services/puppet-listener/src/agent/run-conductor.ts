import {
  HostHealthObserved,
  HostRunFinished,
  HostRunStarted,
  HostRunWaiting,
} from '@gantry/contracts';
import type { InstalledPackage, NotRunWhy } from '@gantry/contracts';
import type { Clock } from '../host/clock.js';
import { log } from '../host/log.js';
import type {
  Health,
  JournalEntry,
  Outcome,
  ReplyKind,
  RunCommandData,
} from '../journal/journal-entry.js';
import { JournalUnwritableError } from '../journal/journal.js';
import type { Ledger } from '../journal/ledger.js';
import { failed, notRun } from '../puppet/verdict-parts.js';
import type { Reply } from '../reply/reply-outbox.js';
import { isSettled, needsHealth, recover, repliesOf, type RunState } from '../run-state.js';
import type { PuppetHost, Running } from './puppet-host.js';

/** The conductor's memory: the journal as far as runs go. */
export interface RunMemory {
  readonly ledger: Ledger;
  append(entry: JournalEntry): void;
  note(entry: JournalEntry): void;
}

/** What the conductor works with. */
export interface ConductorParts {
  readonly memory: RunMemory;
  readonly puppet: PuppetHost;
  readonly probe: (command: RunCommandData) => Promise<Health>;
  readonly send: <D extends Reply['definition']>(reply: Reply<D>) => void;
  readonly now: Clock;
}

/** Takes accepted run commands through their life, one at a time, and tells the dispatcher. Every step is journaled before it is taken. */
export class RunConductor {
  private line: Promise<void> = Promise.resolve();
  private current: string | undefined;

  constructor(private readonly parts: ConductorParts) {}

  /** The command that is being worked on. */
  get busyWith(): string | undefined {
    return this.current;
  }

  /** Takes an accepted command in hand after those before it. */
  enqueue(cmdId: string): void {
    if (this.current !== undefined)
      this.tellWaiting(cmdId, `the run ${this.current} of this listener`);
    this.line = this.line.then(() => this.guarded(cmdId, (state) => this.perform(state)));
  }

  /** Resolves when nothing is left to do. */
  idle(): Promise<void> {
    return this.line;
  }

  /** Goes on where an earlier life of the listener stopped, and sends again what the broker never confirmed. */
  resume(): Promise<void> {
    for (const [cmdId, state] of this.parts.memory.ledger.runs) {
      this.tell(
        cmdId,
        repliesOf(state).filter((kind) => !state.confirmed.includes(kind)),
      );
      if (!isSettled(state))
        this.line = this.line.then(() => this.guarded(cmdId, (s) => this.recover(s)));
    }
    return this.line;
  }

  /** Tells again what is known of a command, all of it. */
  repeat(cmdId: string): void {
    const state = this.parts.memory.ledger.runs.get(cmdId);
    if (state !== undefined) this.tell(cmdId, repliesOf(state));
  }

  private async guarded(cmdId: string, work: (state: RunState) => Promise<void>): Promise<void> {
    const state = this.state(cmdId);
    if (state === undefined) return;
    this.current = cmdId;
    try {
      await work(state);
    } catch (error) {
      log('error', 'a run could not be taken to its end', { cmdId, reason: String(error) });
      this.abandon(cmdId, String(error));
    } finally {
      this.current = undefined;
    }
  }

  private async perform({ command }: RunState): Promise<void> {
    const { memory, puppet, now } = this.parts;
    const ready = await puppet.prepare(command);
    if ('why' in ready) {
      this.giveUp(command.cmdId, ready.why, ready.detail, ready.installed);
      return;
    }
    if (ready.holder !== undefined) this.tellWaiting(command.cmdId, ready.holder);
    const at = now().toISOString();
    const { before } = ready;
    try {
      memory.append({ kind: 'starting', cmdId: command.cmdId, at, bootId: puppet.bootId, before });
    } catch (error) {
      if (!(error instanceof JournalUnwritableError)) throw error;
      this.giveUp(command.cmdId, 'journal-unwritable', error.message, before);
      return;
    }
    await this.started(command, ready.holder !== undefined);
  }

  private async started(command: RunCommandData, toldWaiting: boolean): Promise<void> {
    const { cmdId } = command;
    const onWaiting = (holder: string): void => {
      if (!toldWaiting) this.tellWaiting(cmdId, holder);
    };
    let running: Running;
    try {
      running = await this.parts.puppet.start(command, onWaiting);
    } catch (error) {
      this.giveUp(cmdId, 'unexplained', `Puppet could not be started: ${String(error)}`);
      return;
    }
    this.parts.memory.note({ kind: 'started', cmdId, process: running.process });
    this.tell(cmdId, ['started']);
    await this.through(command, running);
  }

  private async recover(state: RunState): Promise<void> {
    const { command } = state;
    const known = state.status === 'started' ? state.process : undefined;
    const step = recover(state, this.parts.puppet.find(command, known));
    switch (step.act) {
      case 'nothing':
        return;
      case 'give-up':
        this.giveUp(command.cmdId, 'interrupted', step.detail);
        return;
      case 'verify':
        return this.verify(command);
      case 'judge':
        return this.judge(command, { exitCode: null, killed: false });
      case 'adopt': {
        const startedAt = state.startedAt ?? this.parts.now().toISOString();
        this.parts.memory.note({ kind: 'started', cmdId: command.cmdId, process: step.process });
        this.tell(command.cmdId, ['started']);
        return this.through(command, this.parts.puppet.adopt(command, step.process, startedAt));
      }
    }
  }

  private async through(command: RunCommandData, running: Running): Promise<void> {
    await this.judge(command, await running.ended);
  }

  private async judge(command: RunCommandData, ended: Awaited<Running['ended']>): Promise<void> {
    const state = this.state(command.cmdId);
    if (state?.status !== 'starting' && state?.status !== 'started') return;
    const startedAt = state.startedAt ?? this.parts.now().toISOString();
    const begun = { bootId: state.bootId, before: state.before, startedAt };
    const outcome = await this.parts.puppet.judge(command, begun, ended);
    this.finish(command.cmdId, outcome);
    if (needsHealth(command, outcome)) await this.verify(command);
  }

  private async verify(command: RunCommandData): Promise<void> {
    const health = await this.parts.probe(command);
    this.parts.memory.note({ kind: 'verified', cmdId: command.cmdId, health });
    this.tell(command.cmdId, ['health']);
  }

  /** Something unforeseen: nobody must wait for an outcome that does not come. */
  private abandon(cmdId: string, reason: string): void {
    const state = this.state(cmdId);
    if (state?.status === 'accepted') this.giveUp(cmdId, 'unexplained', reason);
    if (state?.status !== 'starting' && state?.status !== 'started') return;
    const { before, startedAt } = state;
    const detail = `The listener could not judge the run (${reason}); the host may be half changed.`;
    const empty = {
      exitCode: null,
      report: null,
      after: [],
      finishedAt: this.parts.now().toISOString(),
    };
    this.finish(cmdId, {
      verdict: failed('interrupted', detail),
      before: [...before],
      startedAt,
      ...empty,
    });
  }

  private giveUp(
    cmdId: string,
    why: NotRunWhy,
    detail: string,
    installed: readonly InstalledPackage[] = [],
  ): void {
    const finishedAt = this.parts.now().toISOString();
    const none = { exitCode: null, report: null, startedAt: null };
    const unchanged = { before: [...installed], after: [...installed] };
    this.finish(cmdId, { verdict: notRun(why, detail), ...none, ...unchanged, finishedAt });
  }

  /** The outcome is told even when it cannot be journaled: it is true all the same. */
  private finish(cmdId: string, outcome: Outcome): void {
    this.parts.memory.note({ kind: 'finished', cmdId, outcome });
    log('info', 'run finished', { cmdId, verdict: outcome.verdict });
    this.tell(cmdId, ['finished']);
  }

  private tellWaiting(cmdId: string, holder: string): void {
    const context = this.state(cmdId)?.context;
    if (context !== undefined) {
      this.parts.send({
        definition: HostRunWaiting,
        data: { holder: holder.slice(0, 300) },
        context,
      });
    }
  }

  private tell(cmdId: string, kinds: readonly ReplyKind[]): void {
    const state = this.state(cmdId);
    if (state !== undefined) for (const kind of kinds) this.tellOne(state, kind);
  }

  private tellOne(state: RunState, kind: ReplyKind): void {
    const { context } = state;
    const { cmdId } = state.command;
    const confirmed = (): void => this.parts.memory.note({ kind: 'confirmed', cmdId, reply: kind });
    if (kind === 'started' && state.startedAt !== null) {
      this.parts.send({
        definition: HostRunStarted,
        data: { startedAt: state.startedAt },
        context,
        confirmed,
      });
    }
    if (kind === 'finished' && 'outcome' in state) {
      this.parts.send({ definition: HostRunFinished, data: state.outcome, context, confirmed });
    }
    if (kind === 'health' && 'health' in state) {
      this.parts.send({ definition: HostHealthObserved, data: state.health, context, confirmed });
    }
  }

  private state(cmdId: string): RunState | undefined {
    return this.parts.memory.ledger.runs.get(cmdId);
  }
}
