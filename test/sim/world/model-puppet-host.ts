import {
  InstalledPackage,
  type PackageName,
  type PuppetReport,
  type RunVerdict,
} from '@gantry/contracts';
import type { Life } from '@gantry/testing/sim';
import type {
  Ended,
  Facts,
  NotReady,
  PuppetHost,
  Readiness,
  Running,
} from '../../../services/puppet-listener/src/agent/puppet-host.js';
import type { ProcessIdentity } from '../../../services/puppet-listener/src/host/process-identity.js';
import type {
  Outcome,
  RunCommandData,
} from '../../../services/puppet-listener/src/journal/journal-entry.js';
import { failed, notRun } from '../../../services/puppet-listener/src/puppet/verdict-parts.js';
import type { Begun } from '../../../services/puppet-listener/src/run-state.js';
import type { HostModel, RunRecord } from './host-model.js';
import type { World } from './world.js';

/** A host's Puppet as one life of its listener sees it. What it is told dies with it; the runs do not. */
export class ModelPuppetHost implements PuppetHost {
  readonly bootId: string;

  constructor(
    private readonly world: World,
    private readonly host: HostModel,
    private readonly life: Life,
  ) {
    this.bootId = host.bootId;
  }

  prepare(command: RunCommandData): Promise<Readiness | NotReady> {
    return this.life.call<Readiness | NotReady>(() =>
      this.host.takeDisabled()
        ? {
            why: 'disabled',
            detail: 'Puppet is disabled on this host: hands off',
            installed: this.packages(command),
          }
        : { before: this.packages(command), holder: this.host.lockHolder },
    );
  }

  async start(command: RunCommandData, onWaiting: (holder: string) => void): Promise<Running> {
    if (this.world.crash.reach(this.life, 'before-run', ['run'])) return this.life.never;
    const run = await this.life.call(() => this.host.startPuppet(command.cmdId));
    if (this.world.crash.reach(this.life, 'after-run', ['run'])) return this.life.never;
    if (run.end === 'waiting') onWaiting(this.host.lockHolder ?? 'somebody');
    return this.running(run);
  }

  find(command: RunCommandData): ProcessIdentity | undefined {
    const run = this.recordOf(command);
    return run?.end === 'running' || run?.end === 'waiting' ? identityOf(run) : undefined;
  }

  adopt(command: RunCommandData, process: ProcessIdentity): Running {
    this.world.branches.hit('run adopted by a new life');
    const run = this.recordOf(command);
    const ended = { exitCode: null, killed: false };
    return run === undefined ? { process, ended: Promise.resolve(ended) } : this.running(run);
  }

  judge(
    command: RunCommandData,
    begun: Begun & { readonly startedAt: string },
    ended: Ended,
  ): Promise<Outcome> {
    return this.life.call(() => {
      const run = this.recordOf(command);
      const reported = run?.end === 'converges' || run?.end === 'fails';
      return {
        verdict: verdictOf(run, command),
        exitCode: ended.exitCode,
        report: reported ? reportOf(command, begun.startedAt, run.end === 'fails') : null,
        before: [...begun.before],
        after: this.packages(command),
        startedAt: begun.startedAt,
        finishedAt: this.world.sim.now().toISOString(),
      };
    });
  }

  facts(packages: readonly PackageName[]): Promise<Facts> {
    return this.life.call(() => ({
      installed: packages.map((name) => packageOf(name, this.host.installed.get(name))),
      disabled: null,
      runningSince: null,
      lastRunAt: null,
      listenerVersion: 'sim',
      bootId: this.bootId,
    }));
  }

  forgetMetadata(): Promise<void> {
    return Promise.resolve();
  }

  private running(run: RunRecord): Running {
    const ended = new Promise<Ended>((resolve) => {
      const tell = (): void => this.life.after(1, () => resolve({ exitCode: 2, killed: false }));
      if (run.end === 'running' || run.end === 'waiting') run.whenEnded.push(tell);
      else tell();
    });
    return { process: identityOf(run), ended };
  }

  private recordOf(command: RunCommandData): RunRecord | undefined {
    return this.host.runs.find((run) => run.cmdId === command.cmdId);
  }

  private packages(command: RunCommandData): InstalledPackage[] {
    return command.wanted.map(({ name }) => packageOf(name, this.host.installed.get(name)));
  }
}

/** What the real verdict says of such traces; how it reads them from files has specs of its own. */
function verdictOf(run: RunRecord | undefined, command: RunCommandData): RunVerdict {
  if (run === undefined) return notRun('interrupted', 'Puppet was never started');
  switch (run.end) {
    case 'converges':
      return command.wanted.every(({ name, evr }) => run.after.get(name) === evr)
        ? { kind: 'converged' }
        : failed('wrong-version', 'another version is installed');
    case 'fails':
      return failed('resources-failed', 'Package[shop]');
    case 'server-unreachable':
      return failed('server-unreachable', '503');
    case 'disabled':
      return notRun('disabled', 'hands off');
    case 'cut':
    case 'running':
    case 'waiting':
      return failed('interrupted', 'the machine went down in the middle');
  }
}

const identityOf = (run: RunRecord): ProcessIdentity => ({
  pid: run.pid,
  startTicks: '1',
  bootId: run.bootId,
});

const packageOf = (name: string, evr: string | undefined): InstalledPackage =>
  InstalledPackage.parse({
    name,
    evr: evr ?? null,
    nevra: evr === undefined ? null : `${name}-${evr}.noarch`,
  });

const reportOf = (command: RunCommandData, startedAt: string, isBad: boolean): PuppetReport => ({
  jobId: command.cmdId,
  status: isBad ? 'failed' : 'changed',
  completed: true,
  noop: false,
  cachedCatalog: 'not_used',
  configurationVersion: null,
  catalogUuid: null,
  startedAt,
  counts: {
    total: 1,
    changed: isBad ? 0 : 1,
    failed: isBad ? 1 : 0,
    failedToRestart: 0,
    skipped: 0,
    outOfSync: 1,
    corrective: 0,
  },
  failures: [],
});
