import type {
  BuildView,
  DeploymentSummary,
  ReleaseView,
  RunningView,
  StageView,
  WhyLine,
} from '@gantry/contracts';
import { isTerminal } from '../deployment/status.js';
import { compareEvr } from '../rpm-version/compare-evr.js';

/** What is known of a build and its way. */
export interface WhyFacts {
  readonly application: string;
  readonly evr: string;
  /** The application's environments, in the order of its pipeline. */
  readonly environments: readonly string[];
  /** Its packages, each with the build of this version when one was seen. */
  readonly builds: readonly { readonly name: string; readonly build: BuildView | undefined }[];
  readonly pipeline: string | undefined;
  /** Releases of the pipeline, the newest first. */
  readonly releases: readonly ReleaseView[];
  /** Deployments of this version, the newest first. */
  readonly deployments: readonly DeploymentSummary[];
  readonly running: readonly RunningView[];
}

type Answer = Omit<WhyLine, 'environment'>;

/** For each environment: whether the build runs there, and if not, the exact rule that keeps it away and when that ends. */
export function whyDeployed(facts: WhyFacts): readonly WhyLine[] {
  if (facts.environments.length === 0)
    return [
      {
        environment: '-',
        ...answer('unknown', 'no-such-application', `${facts.application} is placed nowhere`),
      },
    ];
  return facts.environments.map((environment) => ({
    environment,
    ...(byWhatRuns(facts, environment) ??
      byBuild(facts) ??
      byRelease(facts, environment) ??
      byDeployment(facts, environment)),
  }));
}

const answer = (
  what: WhyLine['answer'],
  rule: string,
  detail: string,
  ends: string | null = null,
): Answer => ({ answer: what, rule, detail, ends });

function byWhatRuns({ running, evr }: WhyFacts, environment: string): Answer | undefined {
  const here = running.find((r) => r.environment === environment);
  const version = here?.versions.find((v) => v.evr === evr);
  if (here === undefined || version === undefined) return undefined;
  const since = here.since === null ? '' : ` since ${here.since}`;
  return answer('runs', 'runs', `on ${version.hosts.length} hosts${since}`);
}

/** A build that is not there, or must not be used, goes nowhere. */
function byBuild({ builds, evr }: WhyFacts): Answer | undefined {
  const missing = builds.filter((b) => b.build === undefined).map((b) => `${b.name}-${evr}`);
  if (missing.length > 0)
    return answer(
      'unknown',
      'never-seen',
      `${missing.join(', ')} was not seen in any watched repository`,
      'when it is published and build-watcher has looked',
    );
  const bad = builds.find((b) => b.build?.state !== 'deployable')?.build;
  if (bad === undefined) return undefined;
  if (bad.state === 'gone')
    return answer('stopped', 'build-gone', bad.note, 'when it is published again');
  const ends = `when a named person lifts it: gantry lift-quarantine ${bad.name} ${evr} --reason ...`;
  return answer('stopped', bad.state, bad.note, ends);
}

function byRelease(facts: WhyFacts, environment: string): Answer | undefined {
  const { pipeline, releases, evr } = facts;
  if (pipeline === undefined) return undefined;
  const release = releases.find((r) => r.evr === evr);
  if (release === undefined) return neverSetOut(facts);
  const stage = release.stages.find((s) => s.environment === environment);
  if (stage === undefined) return undefined;
  switch (stage.state) {
    case 'left-out':
      return answer('stopped', 'hotfix', `this stage was left out: ${release.reason ?? ''}`);
    case 'failed':
      return answer('stopped', 'stage-failed', failure(release, stage), 'a newer build');
    case 'passed':
      return undefined;
    case 'ahead':
    case 'here':
      return release.status === 'travelling'
        ? underWay(release, stage, facts.deployments)
        : ended(release);
  }
}

function neverSetOut({ releases, evr, pipeline }: WhyFacts): Answer | undefined {
  const newer = releases.find((r) => compareEvr(r.evr as never, evr as never) > 0);
  if (newer !== undefined)
    return answer(
      'never-tried',
      'older-than-newest',
      `when it was seen, ${newer.evr} was on its way already, and newest wins`,
      'deploy it by itself where it is wanted',
    );
  return answer(
    'never-tried',
    'no-release',
    `it was seen before ${pipeline ?? ''} was a pipeline, or another build of the pipeline is missing`,
    `by a person: gantry release-start ${pipeline ?? ''} ${evr} --reason ...`,
  );
}

function underWay(
  release: ReleaseView,
  { environment, state }: StageView,
  deployments: WhyFacts['deployments'],
): Answer {
  const here = release.stages.find((s) => s.state === 'here');
  if (state === 'ahead' && here !== undefined && here.environment !== environment)
    return {
      ...stands(release, here, deployments),
      detail: `it is still in ${here.environment}: ${stands(release, here, deployments).detail}`,
    };
  return stands(release, here, deployments);
}

/** What it does where it is, and what it waits for. */
function stands(
  { id, phase, hold, because }: ReleaseView,
  here: StageView | undefined,
  deployments: WhyFacts['deployments'],
): Answer {
  switch (phase) {
    case 'waiting':
      return hold === null
        ? answer('on-its-way', 'about-to-begin', 'it is about to begin', 'within seconds')
        : answer('held', hold.rule, hold.detail, hold.until ?? null);
    case 'paused':
      return answer(
        'waits-for-person',
        'paused',
        because,
        `by a person: gantry release-resume ${id}`,
      );
    case 'gates':
      return asks(id, here);
    case 'deploying':
      return deploys(deployments, here);
    case 'soaking':
      return answer('on-its-way', 'soak', 'it must run here for a while', here?.soakUntil ?? null);
    case 'over':
      return answer('stopped', 'over', because);
  }
}

function deploys(deployments: WhyFacts['deployments'], here: StageView | undefined): Answer {
  const ids = here?.deployments.map((d) => d.deploymentId) ?? [];
  const waits = deployments.find((d) => ids.includes(d.id) && d.status === 'awaiting-approval');
  if (waits !== undefined) return waitsForApproval(waits);
  const hand = here?.clockNow?.hand;
  const detail = `deployment ${ids.join(', ')}${hand === undefined ? '' : `, now ${hand}`}`;
  return answer('deploying', 'deploying', detail, 'when it has ended');
}

/** Whose consent is missing, and when it is too late for it. */
function waitsForApproval({ id, approval }: DeploymentSummary): Answer {
  const { given = [], missing = 1, group = null, expiresAt } = approval ?? {};
  const had = given.length === 0 ? '' : `; ${given.map((g) => g.by).join(', ')} approved`;
  const of = group === null ? '' : ` of ${group}`;
  const until = expiresAt === undefined ? '' : ` before ${expiresAt}`;
  return answer(
    'waits-for-person',
    'approval',
    `deployment ${id} waits for ${missing} more approval${missing === 1 ? '' : 's'}${of}${had}`,
    `by a person who did not ask for it: gantry approve ${id}${until}`,
  );
}

function asks(id: string, here: StageView | undefined): Answer {
  const open = here?.gates.filter((g) => g.verdict === null) ?? [];
  const manual = open.find((g) => g.kind === 'manual');
  const names = open.map((g) => g.gate).join(', ');
  if (manual === undefined)
    return answer('on-its-way', 'gates', `asking the gates ${names}`, 'when they have answered');
  return answer(
    'waits-for-person',
    'manual-gate',
    `the gate ${manual.gate} asks a person`,
    `by a person: gantry release-answer ${id} ${manual.gate} pass|fail`,
  );
}

function failure({ because }: ReleaseView, { gates, deployments }: StageView): string {
  const gate = gates.find((g) => g.verdict === 'fail');
  if (gate !== undefined) return `${because}: ${gate.summary}`;
  const wrong = deployments.find((d) => d.outcome !== 'succeeded');
  return wrong === undefined
    ? because
    : `${because} (${wrong.deploymentId}) ${wrong.detail}`.trim();
}

function ended({ status, because }: ReleaseView): Answer {
  if (status === 'superseded') return answer('stopped', 'superseded', because);
  if (status === 'stopped') return answer('stopped', 'stopped-by-person', because);
  return answer('stopped', `release-${status}`, because, 'a newer build');
}

function byDeployment({ deployments, running }: WhyFacts, environment: string): Answer {
  const last = deployments.find((d) => d.environment === environment);
  const runs = running.find((r) => r.environment === environment)?.versions.map((v) => v.evr) ?? [];
  if (last === undefined)
    return answer(
      'never-tried',
      'nobody-asked',
      `nobody has asked for it here${runs.length > 0 ? `; ${runs.join(', ')} runs` : ''}`,
      'by a person: gantry deploy',
    );
  if (last.status === 'awaiting-approval') return waitsForApproval(last);
  if (!isTerminal(last.status))
    return answer('deploying', 'deploying', `deployment ${last.id} is ${last.status}`, null);
  if (last.status === 'succeeded')
    return answer('replaced', 'replaced', `it was deployed here, and ${runs.join(', ')} runs now`);
  return answer(
    'stopped',
    `deployment-${last.status}`,
    `deployment ${last.id} ended ${last.status}`,
  );
}
