/* eslint-disable max-lines -- a table of routes */
import { DeploymentView, QueryReply, RefreshView, ReleaseView } from '@gantry/contracts';
import type { z } from 'zod';
import {
  ApprovalBody,
  AttentionQuery,
  BuildPath,
  BuildsQuery,
  DeploymentActionPath,
  DeploymentBody,
  DeploymentPath,
  DeploymentsQuery,
  GateAnswerBody,
  GateAnswerPath,
  HoldBody,
  HoldPath,
  HoldsQuery,
  HostActionPath,
  LimitsBody,
  HostPath,
  ParkedPath,
  ReasonBody,
  ResyncBody,
  RefreshBody,
  RefreshPath,
  ReleaseActionBody,
  ReleaseActionPath,
  ReleaseBody,
  ReleasePath,
  ReleasesQuery,
  WhyQuery,
} from '../http/requests.js';
import { AllEventsQuery, OneStreamQuery } from '../streams/streams.requests.js';
import { CommandAnswerBody, SystemStatusBody } from './bodies.js';

/** One operation of the API, as its description needs it. */
export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** A schema, or `events` for an event stream. */
  readonly answer: z.ZodType | 'events';
  readonly success: readonly number[];
  readonly problems: readonly number[];
}

const READ = { method: 'get', success: [200], problems: [400, 502, 503] } as const;
const READ_ONE = { ...READ, problems: [400, 404, 502, 503] } as const;
const COMMAND = {
  method: 'post',
  answer: CommandAnswerBody,
  problems: [400, 403, 404, 409, 413, 415, 422, 502, 503],
} as const;

/** Every operation under /api/v1; a spec compares this with what the controllers really serve. */
export const ROUTES: readonly Route[] = [
  {
    ...COMMAND,
    path: '/deployments',
    id: 'requestDeployment',
    summary: 'Bring a build to an environment',
    body: DeploymentBody,
    success: [201, 200],
  },
  {
    ...READ,
    path: '/deployments',
    id: 'listDeployments',
    summary: 'Deployments, the newest first',
    query: DeploymentsQuery,
    answer: QueryReply['audit.deployments.list'],
  },
  {
    ...READ_ONE,
    path: '/deployments/{id}',
    id: 'getDeployment',
    summary: 'One deployment with its hosts',
    params: DeploymentPath,
    answer: DeploymentView,
  },
  {
    ...COMMAND,
    path: '/deployments/{id}/approve',
    id: 'approveDeployment',
    summary: 'Agree to the plan with this hash, and to no other',
    params: DeploymentPath,
    body: ApprovalBody,
    success: [202, 200],
  },
  {
    ...COMMAND,
    path: '/deployments/{id}/reject',
    id: 'rejectDeployment',
    summary: 'Do not agree to a plan: the deployment ends before it begins',
    params: DeploymentPath,
    body: ApprovalBody,
    success: [202, 200],
  },
  {
    ...COMMAND,
    path: '/deployments/{id}/{action}',
    id: 'actOnDeployment',
    summary: 'Pause, resume, cancel or roll back',
    params: DeploymentActionPath,
    body: ReasonBody,
    success: [202, 200],
  },
  {
    ...COMMAND,
    path: '/deployments/{id}/hosts/{host}/{action}',
    id: 'actOnHost',
    summary:
      'Skip a host that waits for its turn, or give one that failed or was skipped another turn',
    params: HostActionPath,
    body: ReasonBody,
    success: [202, 200],
  },
  {
    ...COMMAND,
    path: '/deployments/{id}/limits',
    id: 'changeLimits',
    summary: 'Let more or fewer hosts out at once, or put up with more or fewer failures',
    params: DeploymentPath,
    body: LimitsBody,
    success: [202, 200],
  },
  {
    ...READ_ONE,
    path: '/deployments/{id}/events',
    id: 'watchDeployment',
    summary: 'One deployment as it goes: `log` (with id), `view` and `story` events',
    params: DeploymentPath,
    query: OneStreamQuery,
    answer: 'events',
  },
  {
    ...READ,
    path: '/events',
    id: 'watchEvents',
    summary: 'The whole log as it grows: `log` events (with id)',
    query: AllEventsQuery,
    answer: 'events',
  },
  {
    ...COMMAND,
    path: '/refreshes',
    id: 'requestRefresh',
    summary: 'Run Puppet on hosts without a deployment',
    body: RefreshBody,
    success: [201, 200],
  },
  {
    ...READ_ONE,
    path: '/refreshes/{id}',
    id: 'getRefresh',
    summary: 'One refresh with its hosts',
    params: RefreshPath,
    answer: RefreshView,
  },
  {
    ...READ,
    path: '/hosts',
    id: 'listHosts',
    summary: 'Every host: versions, last run, whether it is heard',
    answer: QueryReply['audit.hosts.list'],
  },
  {
    ...READ,
    path: '/running',
    id: 'listRunning',
    summary: 'What runs where',
    answer: QueryReply['audit.running.list'],
  },
  {
    ...READ,
    path: '/builds',
    id: 'listBuilds',
    summary: 'Builds seen in the repositories',
    query: BuildsQuery,
    answer: QueryReply['audit.builds.list'],
  },
  {
    ...COMMAND,
    path: '/builds/{name}/{evr}/lift-quarantine',
    id: 'liftQuarantine',
    summary: 'Allow a quarantined build again',
    params: BuildPath,
    body: ReasonBody,
    success: [202, 200],
  },
  {
    ...COMMAND,
    path: '/parked/{key}/{action}',
    id: 'settleParked',
    summary: 'Give a parked message back to its queue, or drop it',
    params: ParkedPath,
    body: ReasonBody,
    success: [202, 200],
  },
  {
    ...COMMAND,
    path: '/hosts/{host}/resync',
    id: 'resyncHost',
    summary: 'Have a listener that lost its journal begin anew',
    params: HostPath,
    body: ResyncBody,
    success: [202, 200],
  },
  {
    ...COMMAND,
    path: '/releases',
    id: 'startRelease',
    summary: 'Send a build on its way through its pipeline; a hotfix leaves stages out',
    body: ReleaseBody,
    success: [201, 200],
  },
  {
    ...READ,
    path: '/releases',
    id: 'listReleases',
    summary: 'Releases, the newest first, with where their time went',
    query: ReleasesQuery,
    answer: QueryReply['audit.releases.list'],
  },
  {
    ...READ_ONE,
    path: '/releases/{id}',
    id: 'getRelease',
    summary: 'One release with its stages and gates',
    params: ReleasePath,
    answer: ReleaseView,
  },
  {
    ...READ_ONE,
    path: '/releases/{id}/events',
    id: 'watchRelease',
    summary: 'One release as it goes: `log` (with id) and `view` events',
    params: ReleasePath,
    query: OneStreamQuery,
    answer: 'events',
  },
  {
    ...COMMAND,
    path: '/releases/{id}/{action}',
    id: 'actOnRelease',
    summary: 'Stop, pause or resume',
    params: ReleaseActionPath,
    body: ReleaseActionBody,
    success: [202, 200],
  },
  {
    ...COMMAND,
    path: '/releases/{id}/gates/{gate}/answer',
    id: 'answerGate',
    summary: 'Answer a gate that asks a person',
    params: GateAnswerPath,
    body: GateAnswerBody,
    success: [202, 200],
  },
  {
    ...READ,
    path: '/holds',
    id: 'listHolds',
    summary: 'Locks, freezes, pins and stops that bind, the newest first',
    query: HoldsQuery,
    answer: QueryReply['audit.holds.list'],
  },
  {
    ...COMMAND,
    path: '/holds',
    id: 'placeHold',
    summary: 'Place a lock, a freeze or a pin, or stop the line',
    body: HoldBody,
    success: [201, 200],
  },
  {
    ...COMMAND,
    path: '/holds/{id}/lift',
    id: 'liftHold',
    summary: 'Take a hold away before its time',
    params: HoldPath,
    body: ReasonBody,
    success: [202, 200],
  },
  {
    ...READ,
    path: '/why',
    id: 'askWhy',
    summary: 'Why a build is, or is not, deployed: one line for each environment',
    query: WhyQuery,
    answer: QueryReply['audit.why.get'],
  },
  {
    ...READ,
    path: '/attention',
    id: 'listAttention',
    summary: 'Things a person must look at',
    query: AttentionQuery,
    answer: QueryReply['audit.attention.list'],
  },
  {
    ...READ,
    path: '/status',
    id: 'getStatus',
    summary: 'How the machine itself fares',
    answer: SystemStatusBody,
  },
];
