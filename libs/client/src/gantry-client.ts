import {
  DeploymentView,
  QueryReply,
  RefreshView,
  ReleaseView,
  type DeploymentAction,
  type HostAction,
  type ListenerRole,
  type RolloutLimits,
  type QueryReplyOf,
} from '@gantry/contracts';
import type { z } from 'zod';
import { CommandAnswer, SystemStatus } from './answers.js';
import { call, type Fetch, type HttpSettings } from './http-call.js';
import type {
  CommandOptions,
  DeploymentFilter,
  DeploymentRequest,
  HoldRequest,
  RefreshRequest,
  ReleaseRequest,
  WatchOptions,
} from './requests.js';
import type { StreamItem } from './stream-item.js';
import { watch } from './watch.js';

/** How to reach a gateway. */
export interface GantryClientOptions {
  /** Such as http://127.0.0.1:8080; the API's path is added. */
  readonly baseUrl: string;
  readonly fetch?: Fetch;
  /** Of one attempt of one call. */
  readonly timeoutMs?: number;
  /** Tries of one call, the first included. */
  readonly attempts?: number;
  /** How long a watch goes on without any answer. */
  readonly giveUpAfterMs?: number;
}

const id = (value: string): string => encodeURIComponent(value);

/** Gantry's REST API and event streams, typed and validated. */
export class GantryClient {
  readonly #http: HttpSettings;
  readonly #giveUpAfterMs: number;

  constructor(options: GantryClientOptions) {
    this.#http = {
      baseUrl: `${options.baseUrl.replace(/\/+$/, '')}/api/v1`,
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      timeoutMs: options.timeoutMs ?? 30_000,
      attempts: options.attempts ?? 4,
    };
    this.#giveUpAfterMs = options.giveUpAfterMs ?? 60_000;
  }

  /** Ask for a build to be brought to an environment. The answer's `id` is the deployment's. */
  requestDeployment(
    request: DeploymentRequest,
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command('/deployments', request, options);
  }

  /** Pause, resume, cancel or roll back. */
  actOnDeployment(
    deploymentId: string,
    action: DeploymentAction,
    reason: string,
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command(`/deployments/${id(deploymentId)}/${action}`, { reason }, options);
  }

  /** Agree to the plan with this hash, and to no other; or do not. */
  judgePlan(
    deploymentId: string,
    decision: 'approve' | 'reject',
    said: { readonly planHash: string; readonly reason: string },
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command(`/deployments/${id(deploymentId)}/${decision}`, said, options);
  }

  /** Skip a host that waits for its turn, or give one that failed or was skipped another turn. */
  actOnHost(
    deploymentId: string,
    host: string,
    action: HostAction,
    reason: string,
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    const path = `/deployments/${id(deploymentId)}/hosts/${id(host)}/${action}`;
    return this.#command(path, { reason }, options);
  }

  /** Let more or fewer hosts out at once, or put up with more or fewer failures. */
  changeLimits(
    deploymentId: string,
    limits: RolloutLimits,
    reason: string,
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command(`/deployments/${id(deploymentId)}/limits`, { ...limits, reason }, options);
  }

  /** Deployments, the newest first. */
  deployments(filter: DeploymentFilter = {}): Promise<QueryReplyOf<'audit.deployments.list'>> {
    return this.#get(`/deployments${query({ ...filter })}`, QueryReply['audit.deployments.list']);
  }

  /** One deployment with its hosts. */
  deployment(deploymentId: string): Promise<DeploymentView> {
    return this.#get(`/deployments/${id(deploymentId)}`, DeploymentView);
  }

  /** Follow one deployment: its log from the first event on (or after `from`), its state, its hosts' Puppet runs. */
  watchDeployment(deploymentId: string, options: WatchOptions = {}): AsyncGenerator<StreamItem> {
    return this.#watch(`/deployments/${id(deploymentId)}/events`, DeploymentView, options);
  }

  /** Follow the whole log, from now on (or after `from`). */
  watchEvents(options: WatchOptions = {}): AsyncGenerator<StreamItem> {
    return this.#watch('/events', DeploymentView, options);
  }

  /** Run Puppet on hosts without a deployment. The answer's `id` is the refresh's. */
  requestRefresh(request: RefreshRequest, options: CommandOptions = {}): Promise<CommandAnswer> {
    return this.#command('/refreshes', request, options);
  }

  /** One refresh with its hosts. */
  refresh(refreshId: string): Promise<RefreshView> {
    return this.#get(`/refreshes/${id(refreshId)}`, RefreshView);
  }

  /** Every host: what is installed, its last run, whether its listener is heard. */
  hosts(): Promise<QueryReplyOf<'audit.hosts.list'>> {
    return this.#get('/hosts', QueryReply['audit.hosts.list']);
  }

  /** What runs where. */
  running(): Promise<QueryReplyOf<'audit.running.list'>> {
    return this.#get('/running', QueryReply['audit.running.list']);
  }

  /** Builds seen in the repositories. */
  builds(
    filter: { readonly name?: string; readonly limit?: number } = {},
  ): Promise<QueryReplyOf<'audit.builds.list'>> {
    return this.#get(`/builds${query({ ...filter })}`, QueryReply['audit.builds.list']);
  }

  /** Things a person must look at. */
  attention(
    filter: { readonly includeClosed?: boolean; readonly limit?: number } = {},
  ): Promise<QueryReplyOf<'audit.attention.list'>> {
    return this.#get(`/attention${query({ ...filter })}`, QueryReply['audit.attention.list']);
  }

  /** Allow a quarantined build again. */
  liftQuarantine(
    name: string,
    evr: string,
    reason: string,
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command(`/builds/${id(name)}/${id(evr)}/lift-quarantine`, { reason }, options);
  }

  /** Give a parked message back to its queue, or take it away. */
  settleParked(
    key: string,
    action: 'replay' | 'drop',
    reason: string,
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command(`/parked/${id(key)}/${action}`, { reason }, options);
  }

  /** Have a listener that lost its journal begin anew. */
  resyncHost(
    host: string,
    role: ListenerRole,
    reason: string,
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command(`/hosts/${id(host)}/resync`, { role, reason }, options);
  }

  /** Send a build on its way. The answer's `id` is the release's. */
  startRelease(request: ReleaseRequest, options: CommandOptions = {}): Promise<CommandAnswer> {
    return this.#command('/releases', request, options);
  }

  /** Stop, pause or resume; `how` says what becomes of gates that said neither yes nor no. */
  actOnRelease(
    releaseId: string,
    action: 'stop' | 'pause' | 'resume',
    said: { readonly reason: string; readonly how?: 'again' | 'accept' },
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command(`/releases/${id(releaseId)}/${action}`, said, options);
  }

  /** Answer a gate that asks a person. */
  answerGate(
    releaseId: string,
    gate: string,
    said: { readonly verdict: 'pass' | 'fail'; readonly reason: string },
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command(`/releases/${id(releaseId)}/gates/${id(gate)}/answer`, said, options);
  }

  /** Releases, the newest first. */
  releases(
    filter: { readonly pipeline?: string; readonly limit?: number } = {},
  ): Promise<QueryReplyOf<'audit.releases.list'>> {
    return this.#get(`/releases${query({ ...filter })}`, QueryReply['audit.releases.list']);
  }

  /** One release with its stages and gates. */
  release(releaseId: string): Promise<ReleaseView> {
    return this.#get(`/releases/${id(releaseId)}`, ReleaseView);
  }

  /** Follow one release: its log from the first event on (or after `from`), and its state. */
  watchRelease(
    releaseId: string,
    options: WatchOptions = {},
  ): AsyncGenerator<StreamItem<ReleaseView>> {
    return this.#watch(`/releases/${id(releaseId)}/events`, ReleaseView, options);
  }

  /** Holds that bind, or all there were. */
  holds(
    filter: { readonly includeEnded?: boolean; readonly limit?: number } = {},
  ): Promise<QueryReplyOf<'audit.holds.list'>> {
    return this.#get(`/holds${query({ ...filter })}`, QueryReply['audit.holds.list']);
  }

  /** Place a lock, a freeze or a pin, or stop the line. */
  placeHold(request: HoldRequest, options: CommandOptions = {}): Promise<CommandAnswer> {
    return this.#command('/holds', request, options);
  }

  /** Take a hold away before its time. */
  liftHold(holdId: string, reason: string, options: CommandOptions = {}): Promise<CommandAnswer> {
    return this.#command(`/holds/${id(holdId)}/lift`, { reason }, options);
  }

  /** Let the fleet change with this hash, which is held, come into force. */
  acceptFleetChange(
    sha256: string,
    reason: string,
    options: CommandOptions = {},
  ): Promise<CommandAnswer> {
    return this.#command(`/fleet/changes/${id(sha256)}/accept`, { reason }, options);
  }

  /** Why a build is, or is not, deployed: one line for each environment. */
  why(application: string, evr: string): Promise<QueryReplyOf<'audit.why.get'>> {
    return this.#get(`/why${query({ application, evr })}`, QueryReply['audit.why.get']);
  }

  /** How the machine itself fares. */
  status(): Promise<SystemStatus> {
    return this.#get('/status', SystemStatus);
  }

  #get<T>(path: string, answer: Parameters<typeof call<T>>[1]['answer']): Promise<T> {
    return call(this.#http, { path, answer });
  }

  #command(path: string, body: unknown, options: CommandOptions): Promise<CommandAnswer> {
    const idempotencyKey = options.idempotencyKey ?? crypto.randomUUID();
    return call(this.#http, { path, body, answer: CommandAnswer, ...options, idempotencyKey });
  }

  #watch<View>(
    path: string,
    view: z.ZodType<View>,
    options: WatchOptions,
  ): AsyncGenerator<StreamItem<View>> {
    const { baseUrl, fetch } = this.#http;
    const settings = { fetch, url: baseUrl + path, giveUpAfterMs: this.#giveUpAfterMs, view };
    return watch(settings, options);
  }
}

function query(filter: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(filter))
    if (value !== undefined) search.set(key, String(value));
  return search.size === 0 ? '' : `?${search.toString()}`;
}
