import type { DataOf, HostLogLines, InstalledPackage, PackageName } from '@gantry/contracts';
import { emptyWhenOver, readWhole } from '../host/bounded-file.js';
import type { RunCommand } from '../host/command.js';
import {
  commandLineOf,
  identityOf,
  isAlive,
  type ProcessIdentity,
} from '../host/process-identity.js';
import type { Outcome, RunCommandData } from '../journal/journal-entry.js';
import { runningPids } from '../puppet/end-run.js';
import { followRun } from '../puppet/follow-run.js';
import { launchAgent } from '../puppet/launch.js';
import { PackageMetadata } from '../puppet/package-metadata.js';
import { queryPackages } from '../puppet/rpm-query.js';
import { runFiles, sweepRuns, type RunFiles } from '../puppet/run-files.js';
import { disabledReason, lockHolder, type LockHolder } from '../puppet/run-lock.js';
import { settingsReader, type PuppetSettings } from '../puppet/settings.js';
import { lastRunAt } from '../puppet/summary.js';
import type { Begun } from '../run-state.js';
import { LogTail } from '../story/log-tail.js';
import { Story } from '../story/story.js';
import { judgeRun } from './judge-run.js';
import type { Ended, Facts, NotReady, PuppetHost, Readiness, Running } from './puppet-host.js';

/** What the adapter needs of its surroundings. */
export interface LocalHostOptions {
  readonly stateDir: string;
  readonly puppet: string;
  readonly rpm: string;
  readonly dnf: string;
  readonly version: string;
  readonly bootId: string;
  readonly run: RunCommand;
  readonly publishLog: (
    command: RunCommandData,
    lines: DataOf<typeof HostLogLines>['lines'],
  ) => void;
}

/** How long a run may go on after its own time limit before it is ended from outside. */
const GRACE_MS = 60_000;
const MAX_LOG_BYTES = 67_108_864;
const WAITING = /--waitforlock flag used, waiting/;

/** The real Puppet, RPM database and file system of this host. */
export class LocalPuppetHost implements PuppetHost {
  readonly bootId: string;
  private readonly settings: () => Promise<PuppetSettings | string>;
  private readonly metadata: PackageMetadata;

  constructor(private readonly options: LocalHostOptions) {
    this.bootId = options.bootId;
    this.settings = settingsReader(options.puppet, options.run);
    this.metadata = new PackageMetadata(options.dnf, options.run);
  }

  async prepare(command: RunCommandData): Promise<Readiness | NotReady> {
    const settings = await this.settings();
    if (typeof settings === 'string')
      return { why: 'unexplained', detail: settings, installed: [] };
    const names = command.wanted.map((wanted) => wanted.name);
    const reason = disabledReason(settings.disabledLock);
    if (reason !== null) {
      const detail = `Puppet is disabled on this host: ${reason}`;
      return { why: 'disabled', detail, installed: await this.installed(names) };
    }
    const [before] = await Promise.all([
      this.installed(names),
      command.noop ? undefined : this.forgetMetadata(command.stream),
    ]);
    return { before, holder: holderText(lockHolder(settings.runLock)) };
  }

  /** Learns where Puppet keeps its files before somebody waits for it. */
  async warmUp(): Promise<void> {
    await this.settings();
  }

  async start(command: RunCommandData, onWaiting: (holder: string) => void): Promise<Running> {
    const files = runFiles(this.options.stateDir, command.cmdId);
    sweepRuns(this.options.stateDir);
    const { cmdId: runId, noop, runTimeoutMs, waitForLockMs } = command;
    const run = { runId, noop, runTimeoutMs, waitForLockMs, logFile: files.log };
    const { identity, exited } = await launchAgent(this.options.puppet, run, files.output);
    return {
      process: identity,
      ended: this.follow(command, identity, { files, exited, onWaiting, from: Date.now() }),
    };
  }

  find(command: RunCommandData, known: ProcessIdentity | undefined): ProcessIdentity | undefined {
    if (known !== undefined) return isAlive(known) ? known : undefined;
    // A crash lay between the start and its entry in the journal: the process bears our id in its arguments.
    const pid = runningPids().find((candidate) => {
      const line = commandLineOf(candidate);
      return candidate !== process.pid && line.includes(`--job-id ${command.cmdId} `);
    });
    return pid === undefined ? undefined : identityOf(pid);
  }

  adopt(command: RunCommandData, identity: ProcessIdentity, startedAt: string): Running {
    const files = runFiles(this.options.stateDir, command.cmdId);
    const from = Date.parse(startedAt);
    return {
      process: identity,
      ended: this.follow(command, identity, { files, exited: undefined, from }),
    };
  }

  async judge(
    command: RunCommandData,
    begun: Begun & { readonly startedAt: string },
    ended: Ended,
  ): Promise<Outcome> {
    const settings = await this.settings();
    const files = runFiles(this.options.stateDir, command.cmdId);
    const after = await this.installed(command.wanted.map((wanted) => wanted.name));
    const paths = typeof settings === 'string' ? NO_PATHS : settings;
    return judgeRun({
      command,
      begun,
      ended,
      files,
      settings: paths,
      after,
      bootId: this.bootId,
      now: new Date(),
    });
  }

  async facts(packages: readonly PackageName[]): Promise<Facts> {
    const settings = await this.settings();
    const paths = typeof settings === 'string' ? undefined : settings;
    return {
      installed: [...(await this.installed(packages))],
      disabled: typeof settings === 'string' ? settings : disabledReason(settings.disabledLock),
      runningSince: (paths && lockHolder(paths.runLock)?.since) ?? null,
      lastRunAt: (paths && lastRunAt(readWhole(paths.summary, 1_048_576) ?? '')) ?? null,
      listenerVersion: this.options.version,
      bootId: this.bootId,
    };
  }

  /** Lets dnf forget old metadata ahead of the run of this stream. */
  forgetMetadata(stream: string): Promise<void> {
    return this.metadata.forgetFor(stream);
  }

  private installed(names: readonly PackageName[]): Promise<readonly InstalledPackage[]> {
    return queryPackages(this.options.rpm, this.options.run, names);
  }

  private follow(command: RunCommandData, identity: ProcessIdentity, way: Way): Promise<Ended> {
    const tail = new LogTail(way.files.log);
    const story = new Story((lines) => this.options.publishLog(command, lines));
    const onTick = (): void => {
      const lines = tail.next();
      story.tell(lines);
      if (lines.some((line) => WAITING.test(line.message))) void this.tellHolder(way.onWaiting);
      emptyWhenOver(way.files.log, MAX_LOG_BYTES);
      emptyWhenOver(way.files.output, MAX_LOG_BYTES);
    };
    const deadline = way.from + command.waitForLockMs + command.runTimeoutMs + GRACE_MS;
    return followRun({ process: identity, exited: way.exited, deadline, onTick });
  }

  private async tellHolder(onWaiting: Way['onWaiting']): Promise<void> {
    const settings = await this.settings();
    const holder = typeof settings === 'string' ? undefined : lockHolder(settings.runLock);
    onWaiting?.(holderText(holder) ?? 'another Puppet run');
  }
}

/** How a run came to be followed. */
interface Way {
  readonly files: RunFiles;
  readonly exited: Promise<number | null> | undefined;
  readonly from: number;
  readonly onWaiting?: (holder: string) => void;
}

const NO_PATHS: PuppetSettings = {
  report: '/nonexistent',
  summary: '/nonexistent',
  runLock: '/nonexistent',
  disabledLock: '/nonexistent',
  clientData: '/nonexistent',
  certname: 'unknown',
};

function holderText(holder: LockHolder | undefined): string | undefined {
  return holder && `pid ${holder.pid} since ${holder.since}: ${holder.command}`;
}
