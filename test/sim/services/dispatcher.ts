import { queueDestination, type ListenerRole } from '@gantry/contracts';
import { Metrics } from '@gantry/service-kit';
import type { Life } from '@gantry/testing/sim';
import { DispatcherMetrics } from '../../../services/puppet-dispatcher/src/dispatcher-metrics.js';
import { CommandSender } from '../../../services/puppet-dispatcher/src/handlers/command-sender.js';
import { EnrolmentHandler } from '../../../services/puppet-dispatcher/src/handlers/enrolment.handler.js';
import { HostTroubles } from '../../../services/puppet-dispatcher/src/handlers/host-troubles.js';
import { ReplyHandler } from '../../../services/puppet-dispatcher/src/handlers/reply.handler.js';
import { RequestGate } from '../../../services/puppet-dispatcher/src/handlers/request-gate.js';
import { RequestHandlers } from '../../../services/puppet-dispatcher/src/handlers/request-handlers.js';
import type { RequestTools } from '../../../services/puppet-dispatcher/src/handlers/run.handler.js';
import { HostRepliesController } from '../../../services/puppet-dispatcher/src/messaging/host-replies.controller.js';
import { PuppetRequestsController } from '../../../services/puppet-dispatcher/src/messaging/puppet-requests.controller.js';
import { CommandSigner } from '../../../services/puppet-dispatcher/src/security/command-signer.js';
import {
  EnrolledKeys,
  type EnrolledKey,
} from '../../../services/puppet-dispatcher/src/security/enrolled-keys.js';
import { ReplyQuota } from '../../../services/puppet-dispatcher/src/security/reply-quota.js';
import { signerOf, type World } from '../world/world.js';
import { Consumer } from './consumer.js';
import { lifeBus } from './life-bus.js';
import { routesOf } from './routes-of.js';

export const DISPATCHER_KEY_ID = 'dispatcher-sim';

/** Nobody reads them here, so all lives share one. */
const METRICS = new DispatcherMetrics(new Metrics('puppet-dispatcher').registry);

/** Every listener's key, without a folder. */
class KeysInMemory extends EnrolledKeys {
  constructor() {
    super('enrolled');
  }

  override find(certname: string, role: ListenerRole): EnrolledKey {
    return signerOf(`${role} ${certname}`);
  }
}

/** One life of a dispatcher: the real handlers, signatures and checks. */
export function bootDispatcher(world: World, life: Life): void {
  const { sim } = world;
  const bus = lifeBus(world, life, 'puppet-dispatcher');
  const log = world.logOf('puppet-dispatcher');
  const clock = { now: () => sim.now() };
  const keys = new KeysInMemory();
  const sender = new CommandSender({
    bus,
    signer: new CommandSigner(signingKey(), DISPATCHER_KEY_ID),
    metrics: METRICS,
    clock,
    ids: { uuid: () => world.uuid() },
    identity: { service: 'puppet-dispatcher', instance: life.name },
  });
  const tools: RequestTools = { bus, keys, sender, metrics: METRICS, clock, log };
  const requests = new PuppetRequestsController(
    new RequestGate(METRICS, log, NO_NOTES),
    new RequestHandlers(tools),
  );
  const troubles = new HostTroubles();
  const replyTools = { ...tools, troubles, quota: new ReplyQuota(), notes: NO_NOTES };
  const replies = new HostRepliesController(
    new ReplyHandler(replyTools),
    new EnrolmentHandler(replyTools),
  );
  const consumer = new Consumer(world, life, routesOf([requests, replies]));
  for (const family of ['puppet.requests', 'host.replies'] as const)
    consumer.listen(queueDestination('puppet-dispatcher', family));
}

const signingKey = (): string =>
  signerOf(DISPATCHER_KEY_ID).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** What goes on record of refusals is no part of what is played. */
const NO_NOTES = { note: (): void => undefined };
