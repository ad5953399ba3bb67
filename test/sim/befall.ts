import { CLEAR } from '@gantry/testing/sim';
import type { People } from './people.js';
import type { Happening } from './scenario.js';
import type { World } from './world/world.js';

const HEARTBEAT_MS = 30_000;
const RESTORED_MS = 5_000;

/** Lets one happening befall the world. */
export function befall(world: World, people: People, happening: Happening): void {
  const { sim, broker, device } = world;
  const later = (ms: number, run: () => void): void => sim.after(ms, run);
  switch (happening.kind) {
    case 'deploy':
      people.deploy(happening.application, happening.evr);
      return;
    case 'approve':
      people.approve();
      return;
    case 'consent':
      people.consent(happening.by, happening.to);
      return;
    case 'stop-line':
      people.stopLine();
      return;
    case 'lift-line':
      people.liftLine();
      return;
    case 'build':
      world.builds.lists(happening.application, happening.evr);
      return;
    case 'build-gone':
      world.builds.isGone(happening.application, happening.evr);
      return;
    case 'wish':
      people.wish(happening.wish, happening.which);
      return;
    case 'broker-away':
      broker.goAway(happening.forMs);
      return;
    case 'broker-wiped':
      broker.wipe();
      return;
    case 'weather':
      sim.trace.note('broker', `bad weather for ${happening.forMs} ms`);
      broker.weather = happening.weather;
      later(happening.forMs, () => (broker.weather = CLEAR));
      return;
    case 'device-reload':
      device.reload();
      return;
    case 'device-away':
      device.goAway(happening.forMs);
      return;
    case 'device-deaf':
      device.goDeaf(happening.forMs);
      return;
    case 'device-untold':
      device.untold = happening.percent;
      later(happening.forMs, () => (device.untold = 0));
      return;
    case 'device-disagrees':
      device.disagree(happening.member, happening.forMs);
      return;
    case 'foreign-down':
      sim.trace.note(happening.member, `is down for ${happening.forMs} ms`);
      device.setWell(happening.member, false);
      later(happening.forMs, () => device.setWell(happening.member, true));
      return;
    case 'database-away':
    case 'commits-untold':
    case 'tables-emptied':
      befallDatabase(world, happening);
      return;
    case 'resync':
      people.resync(happening.host);
      return;
    case 'reboot':
    case 'sick':
    case 'foreign-run':
    case 'disk-full':
    case 'journal-damaged':
      befallHost(world, happening);
      return;
    case 'kill':
    case 'kill-all':
    case 'freeze':
    case 'crash-at':
      befallProcess(world, happening);
      return;
  }
}

type Of<K extends Happening['kind']> = Extract<Happening, { kind: K }>;

function befallDatabase(
  world: World,
  happening: Of<'database-away' | 'commits-untold' | 'tables-emptied'>,
): void {
  const { sim } = world;
  switch (happening.kind) {
    case 'database-away':
      sim.trace.note('database', `does not answer for ${happening.forMs} ms`);
      world.databaseAwayUntilMs = sim.elapsedMs + happening.forMs;
      return;
    case 'commits-untold':
      world.untoldCommits = happening.percent;
      sim.after(happening.forMs, () => (world.untoldCommits = 0));
      return;
    case 'tables-emptied':
      // Under a running orchestrator the slot of a deployment that goes on would look free until the next mending.
      for (const process of world.processes)
        if (process.name.startsWith('orchestrator')) process.restart(RESTORED_MS);
      sim.trace.note('database', 'claims, slots and timers are gone');
      world.database.tables.clear();
      world.tablesClearedAtMs = sim.elapsedMs;
      return;
  }
}

function befallHost(
  world: World,
  happening: Of<'reboot' | 'sick' | 'foreign-run' | 'disk-full' | 'journal-damaged'>,
): void {
  const { sim } = world;
  const host = world.host(happening.host);
  if (host === undefined) return;
  switch (happening.kind) {
    case 'reboot':
      host.powerFails();
      world.process(`listener-${host.name}`)?.restart(happening.downMs, 'goes down with its host');
      return;
    case 'sick':
      sim.trace.note(host.name, `its application is sick for ${happening.forMs} ms`);
      host.sick = true;
      sim.after(happening.forMs, () => (host.sick = false));
      return;
    case 'journal-damaged':
      sim.trace.note(host.name, 'the journal of its listener is damaged');
      host.disk.damage();
      world.process(`listener-${host.name}`)?.restart(happening.downMs);
      return;
    case 'disk-full':
      sim.trace.note(host.name, `its disk is full for ${happening.forMs} ms`);
      host.disk.isFull = true;
      sim.after(happening.forMs, () => (host.disk.isFull = false));
      return;
    case 'foreign-run':
      host.foreignRun(happening.forMs);
      return;
  }
}

function befallProcess(
  world: World,
  happening: Of<'kill' | 'kill-all' | 'freeze' | 'crash-at'>,
): void {
  switch (happening.kind) {
    case 'kill':
      world.process(happening.process)?.restart(happening.downMs);
      return;
    case 'kill-all':
      for (const process of world.processes) process.restart(happening.downMs);
      return;
    case 'freeze':
      if (happening.forMs > HEARTBEAT_MS) world.branches.hit('process frozen past its heartbeat');
      world.process(happening.process)?.freeze(happening.forMs);
      return;
    case 'crash-at': {
      const { process, point, about, nth, downMs } = happening;
      const die = (): void => {
        const what = about === undefined ? point : `${point} ${about}`;
        world.process(process)?.restart(downMs, `dies ${what}`);
      };
      world.crash.arm({ process, point, about, nth, die });
      return;
    }
  }
}
