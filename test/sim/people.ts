import {
  ApproveDeployment,
  DeploymentId,
  HoldId,
  LiftHold,
  makeMessage,
  PlaceHold,
  RequestDeployment,
  ResyncListener,
  ResumeRelease,
  StopRelease,
  topicDestination,
  type AnyMessage,
  type DataOf,
} from '@gantry/contracts';
import { definitionOf } from '@gantry/contracts';
import { isActive, type Active } from '@gantry/domain';
import type { Wish } from './scenario.js';
import { ENVIRONMENT } from './world/places.js';
import type { World } from './world/world.js';

const ASK_AGAIN_MS = 15_000;
const MAX_ASKS = 6;
/** Whoever has asked for nothing. */
const OTHERS = ['bob', 'carol'];
/** The hash of no plan. */
const MADE_UP = '0'.repeat(64);
const LONG_MS = 3_600_000;
const ACCEPT = [
  'host-unreachable',
  'puppet-disabled',
  'downgrade',
  'no-way-back',
  'already-running',
];

/** People and CI: they ask, and ask again under the same id until they are answered. */
export class People {
  /** The line that is stopped now. */
  private line: HoldId | undefined;
  private readonly lines: HoldId[] = [];
  /** Deployments that were asked for, in order. */
  readonly asked: DeploymentId[] = [];

  constructor(private readonly world: World) {}

  deploy(application: string, evr: string): DeploymentId {
    const id = DeploymentId.parse(this.world.uuid());
    this.asked.push(id);
    this.world.sim.trace.note('people', `deploy ${application} ${evr} (${id.slice(-6)})`);
    const data = RequestDeployment.schema.parse({
      deploymentId: id,
      application,
      environment: ENVIRONMENT,
      evr,
      reason: 'sim',
      accept: ACCEPT,
    });
    this.ask(RequestDeployment, data, `deployment-${id}`);
    return id;
  }

  /** Asks something of one of the deployments that go on; nothing when none does. */
  wish(wish: Wish, which = 0): void {
    const { active } = this.world.chronicle;
    const stream = active[which % Math.max(1, active.length)];
    if (stream !== undefined) this.wishOf(stream, wish);
  }

  wishOf(stream: string, wish: Wish): void {
    const definition = definitionOf(`deployment.${wish}`);
    if (definition === undefined) throw new Error(`nobody can ${wish}`);
    this.world.sim.trace.note('people', `${wish} (${stream.slice(-6)})`);
    const deploymentId = stream.replace('deployment-', '');
    this.ask(definition as AnyMessage, { deploymentId, reason: 'sim' } as never, stream);
  }

  /** Somebody looks at the host, and has its journal begun anew. */
  resync(host: string): void {
    this.world.sim.trace.note('people', `resync ${host}`);
    const data = ResyncListener.schema.parse({ host, role: 'agent', reason: 'sim' });
    this.ask(ResyncListener, data, `listener-agent-${host}`);
  }

  /** Somebody who has asked for nothing agrees to every plan that waits for it. */
  approve(): void {
    for (const [stream, state] of this.world.chronicle.deployments) {
      if (state.status !== 'awaiting-approval' || state.hostsAsked !== undefined) continue;
      for (const by of OTHERS) this.say(stream, state.planHash, by);
    }
  }

  /** One person consents to a plan of each deployment, whatever has become of it. */
  consent(by: string, to: 'now' | 'first' | 'made-up'): void {
    const { all } = this.world.chronicle;
    for (const stream of this.world.chronicle.deployments.keys()) {
      const hashes = all.flatMap(({ stream: of, event }) =>
        of === stream && event.type === 'deployment.planned'
          ? [(event.data as { readonly planHash: string }).planHash]
          : [],
      );
      const hash = to === 'made-up' ? MADE_UP : hashes.at(to === 'now' ? -1 : 0);
      if (hash !== undefined) this.say(stream, hash, by);
    }
  }

  private say(stream: string, planHash: string, by: string): void {
    const { consents, sim } = this.world;
    const deploymentId = stream.replace('deployment-', '');
    sim.trace.note('people', `${by} consents to ${planHash.slice(0, 6)} (${stream.slice(-6)})`);
    consents.push({ atMs: sim.elapsedMs, deploymentId, planHash, by });
    const data = ApproveDeployment.schema.parse({ deploymentId, planHash, reason: 'sim' });
    this.ask(ApproveDeployment, data, stream, by);
  }

  /** Nothing takes its next host until it is lifted. */
  stopLine(): void {
    if (this.line !== undefined) return;
    const holdId = HoldId.parse(this.world.uuid());
    this.line = holdId;
    this.lines.push(holdId);
    this.world.sim.trace.note('people', 'stop the line');
    const data = { holdId, rule: { kind: 'stop-the-line' }, scope: { over: 'all' }, reason: 'sim' };
    this.ask(PlaceHold, PlaceHold.schema.parse(data), `hold-${holdId}`);
  }

  liftLine(): void {
    if (this.line === undefined) return;
    this.lift(this.line);
    this.line = undefined;
  }

  private lift(holdId: HoldId): void {
    this.world.sim.trace.note('people', 'lift what stops the line');
    this.ask(LiftHold, LiftHold.schema.parse({ holdId, reason: 'sim' }), `hold-${holdId}`);
  }

  /** What was asked for long ago may have come after it was lifted. */
  private liftForgotten(): void {
    const said = this.world.chronicle.all.map(({ event }) => event);
    for (const holdId of this.lines) {
      const last = said.findLast(
        ({ streamType, streamId }) => streamType === 'hold' && streamId === holdId,
      );
      if (holdId !== this.line && last?.type === 'hold.placed') this.lift(holdId);
    }
  }

  /**
   * What waits for somebody else's consent gets it. What waits for a person is resumed, twice at most, and then cancelled; so is what has waited for hours for hosts that
   * nobody mends. Everything else is left alone.
   */
  tidyUp(resumed: Map<string, number>): void {
    this.approve();
    for (const host of this.world.hosts) if (host.disk.isDamaged) this.resync(host.name);
    this.liftLine();
    this.liftForgotten();
    this.tidyReleases(resumed);
    for (const [stream, state] of this.world.chronicle.deployments) {
      if (!isActive(state) || !('hosts' in state)) continue;
      if (state.hosts.some((host) => host.turn !== undefined)) continue;
      this.tidyDeployment(stream, state, resumed);
    }
  }

  private tidyDeployment(
    stream: string,
    { status, heldBy, movedAt }: Extract<Active, { readonly hosts: unknown }>,
    resumed: Map<string, number>,
  ): void {
    // What a rule holds goes on by itself when that ends; the end of a release is for good.
    if (status === 'paused' && heldBy !== undefined) {
      if (heldBy.startsWith('release:')) this.wishOf(stream, 'cancel');
      return;
    }
    if (status === 'paused') {
      const times = resumed.get(stream) ?? 0;
      resumed.set(stream, times + 1);
      this.wishOf(stream, times < 2 ? 'resume' : 'cancel');
      return;
    }
    if (this.world.sim.nowMs - Date.parse(movedAt) <= LONG_MS) return;
    this.world.branches.hit('cancelled after a long wait for a place');
    this.wishOf(stream, 'cancel');
  }

  /** A release that waits for a person asks its gates again, twice at most, and is stopped then. */
  private tidyReleases(resumed: Map<string, number>): void {
    for (const [stream, state] of this.world.chronicle.releases) {
      if (state.status !== 'travelling' || state.pause === undefined) continue;
      const times = resumed.get(stream) ?? 0;
      resumed.set(stream, times + 1);
      const data = { releaseId: stream.replace('release-', ''), reason: 'sim' };
      this.world.sim.trace.note('people', `${times < 2 ? 'resume' : 'stop'} ${stream.slice(-6)}`);
      if (times < 2)
        this.ask(ResumeRelease, ResumeRelease.schema.parse({ ...data, how: 'again' }), stream);
      else this.ask(StopRelease, StopRelease.schema.parse(data), stream);
    }
  }

  private ask<D extends AnyMessage>(
    definition: D,
    data: DataOf<D>,
    subject: string,
    actor = 'anna',
  ): void {
    const { sim } = this.world;
    const id = this.world.uuid();
    const message = makeMessage(definition, data, {
      id,
      source: '/gantry/gateway/sim',
      subject: subject as never,
      time: sim.now().toISOString(),
      correlationid: id,
      causationid: id,
      actor: actor as never,
    });
    this.send({ id, type: definition.type, subject, body: JSON.stringify(message) }, 1);
  }

  private send(
    message: {
      readonly id: string;
      readonly type: string;
      readonly subject: string;
      readonly body: string;
    },
    times: number,
  ): void {
    const { world } = this;
    if (world.replies.has(message.id) || times > MAX_ASKS) return;
    try {
      world.broker.publish({
        destination: topicDestination('deployment.commands'),
        body: message.body,
        headers: { 'x-type': message.type },
        groupId: message.subject,
      });
    } catch {
      // The broker is away: the same as no answer.
    }
    world.sim.after(ASK_AGAIN_MS, () => this.send(message, times + 1));
  }
}
