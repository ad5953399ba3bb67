import {
  GateFinished,
  GateName,
  GateStarted,
  queueDestination,
  type Message,
} from '@gantry/contracts';
import type { MessageBus } from '@gantry/service-kit';
import type { Life } from '@gantry/testing/sim';
import type { GateRunSeen } from '../world/gate-model.js';
import type { World } from '../world/world.js';
import { Consumer } from './consumer.js';
import { lifeBus } from './life-bus.js';
import type { Route } from './routes-of.js';

const RUN_MS = 2_000;
/** How often a run that goes on looks whether it was cancelled. */
const LOOK_MS = 500;

/**
 * One life of a model of the verifier: it takes the requests that the real one takes, answers by the script of the gates, and
 * acknowledges a request when its answer is told, as the real one does. A run goes on in the next life, as http gates do.
 */
export function bootVerifier(world: World, life: Life): void {
  const bus = lifeBus(world, life, 'verifier');
  const routes = new Map<string, Route>([
    ['gate.requested', (message) => run(world, life, bus, message as Message<'gate.requested'>)],
    [
      'gate.cancel-requested',
      (message) => {
        world.gates.cancelled((message as Message<'gate.cancel-requested'>).data.gateRunId);
        return Promise.resolve();
      },
    ],
  ]);
  new Consumer(world, life, routes).listen(queueDestination('verifier', 'gate.requests'));
}

async function run(
  world: World,
  life: Life,
  bus: MessageBus,
  message: Message<'gate.requested'>,
): Promise<void> {
  const { gates, sim } = world;
  const seen = gates.asked(message);
  const gate = GateName.parse(seen.gate);
  const { gateRunId, answer } = seen;
  const startedAt = sim.now().toISOString();
  if (seen.asks === 1) await bus.publish(GateStarted, { gateRunId, gate }, { cause: message });
  const endsAtMs = seen.askedAtMs + (answer.afterMs ?? RUN_MS);
  while (seen.verdict === undefined && sim.elapsedMs < endsAtMs)
    await life.sleep(Math.min(LOOK_MS, endsAtMs - sim.elapsedMs));
  gates.decide(seen, answer.verdict);
  if (!isTold(world, seen)) return;
  const finished = {
    ...{ gateRunId, gate, verdict: seen.verdict ?? answer.verdict, summary: 'sim', evidence: {} },
    ...{ startedAt, endedAt: sim.now().toISOString() },
  };
  await bus.publish(GateFinished, finished, { cause: message });
}

/** Counts the telling; the first ones may be lost by script. */
function isTold({ sim }: World, seen: GateRunSeen): boolean {
  seen.tellings += 1;
  const isLost = seen.tellings <= (seen.answer.untold ?? 0);
  if (isLost) sim.trace.note('gate', `the answer of ${seen.gate} is lost`);
  return !isLost;
}
