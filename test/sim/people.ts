import {
  ApproveDeployment,
  DeploymentId,
  makeMessage,
  RequestDeployment,
  ResyncListener,
  topicDestination,
  type AnyMessage,
  type DataOf,
} from '@gantry/contracts';
import { definitionOf } from '@gantry/contracts';
import { isActive } from '@gantry/domain';
import type { Wish } from './scenario.js';
import { ENVIRONMENT } from './world/fleet-text.js';
import type { World } from './world/world.js';

const ASK_AGAIN_MS = 15_000;
const MAX_ASKS = 6;
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
      if (state.status !== 'awaiting-approval' || state.checkId !== undefined) continue;
      const deploymentId = stream.replace('deployment-', '');
      const said = { deploymentId, planHash: state.planHash, reason: 'sim' };
      this.ask(ApproveDeployment, ApproveDeployment.schema.parse(said), stream, 'bob');
    }
  }

  /**
   * What waits for somebody else's consent gets it. What waits for a person is resumed, twice at most, and then cancelled; so is what has waited for hours for hosts that
   * nobody mends. Everything else is left alone.
   */
  tidyUp(resumed: Map<string, number>): void {
    const { chronicle, sim } = this.world;
    this.approve();
    for (const host of this.world.hosts) if (host.disk.isDamaged) this.resync(host.name);
    for (const [stream, state] of chronicle.deployments) {
      if (!isActive(state) || !('hosts' in state)) continue;
      if (state.hosts.some((host) => host.turn !== undefined)) continue;
      const waitedMs = sim.nowMs - Date.parse(state.movedAt);
      if (state.status === 'paused') {
        const times = resumed.get(stream) ?? 0;
        resumed.set(stream, times + 1);
        this.wishOf(stream, times < 2 ? 'resume' : 'cancel');
      } else if (waitedMs > LONG_MS) {
        this.world.branches.hit('cancelled after a long wait for a place');
        this.wishOf(stream, 'cancel');
      }
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
