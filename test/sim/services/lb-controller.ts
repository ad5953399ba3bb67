import { queueDestination } from '@gantry/contracts';
import type { Life } from '@gantry/testing/sim';
import { Devices } from '../../../services/lb-controller/src/adapters/devices.js';
import { DrainHandler } from '../../../services/lb-controller/src/handlers/drain.handler.js';
import { EnableHandler } from '../../../services/lb-controller/src/handlers/enable.handler.js';
import { SurveyHandler } from '../../../services/lb-controller/src/handlers/survey.handler.js';
import { Standing } from '../../../services/lb-controller/src/standing/standing.js';
import { LbRequestsController } from '../../../services/lb-controller/src/messaging/lb-requests.controller.js';
import { DrainProcedure } from '../../../services/lb-controller/src/procedures/drain.procedure.js';
import { EnableProcedure } from '../../../services/lb-controller/src/procedures/enable.procedure.js';
import { EpochFence } from '../../../services/lb-controller/src/procedures/epoch-fence.js';
import { IntentWatch } from '../../../services/lb-controller/src/watch/intent-watch.js';
import type { World } from '../world/world.js';
import { Consumer } from './consumer.js';
import { lifeBus } from './life-bus.js';
import { routesOf } from './routes-of.js';

const WATCH_MS = 10_000;
/** How often orchestrators tell where hosts stand. */
const TOLD_MS = 2_000;

/** One life of an lb-controller: everything is the real thing, up to the driver. */
export function bootLbController(world: World, life: Life): void {
  const { sim } = world;
  const log = world.logOf('lb-controller');
  const clock = { now: () => sim.now() };
  const bus = lifeBus(world, life, 'lb-controller');
  const devices = new Devices([world.device.driver(life, world.crash)]);
  const pace = { nowMs: () => sim.elapsedMs, sleep: (ms: number) => life.sleep(ms) };
  const fence = new EpochFence();
  const owners = new Standing(fence, { pace, clock, log });
  const tools = { devices, pace, clock, log, owners, reasserted: () => undefined };
  const watch = new IntentWatch(tools);
  const routes = routesOf([
    new LbRequestsController(
      new SurveyHandler(devices, bus, clock),
      new DrainHandler(new DrainProcedure(tools), fence, watch, bus, log),
      new EnableHandler(new EnableProcedure(tools), fence, watch, bus, log),
      clock,
    ),
  ]);
  new Consumer(world, life, routes).listen(queueDestination('lb-controller', 'lb.requests'));
  const look = async (): Promise<void> => {
    await life.sleep(WATCH_MS);
    await watch.look();
    void look();
  };
  void look();
  const hear = async (): Promise<void> => {
    const hosts = [...(await world.database.tables.lately())];
    const told = { time: clock.now().toISOString(), data: { hosts } };
    await life.sleep(world.sim.random.fork(`told ${life.name}`).between(1, 500));
    if (owners.hear(told)) watch.adopt(hosts);
    await life.sleep(TOLD_MS);
    void hear();
  };
  void hear();
}
