import { describe, expect, it } from '@jest/globals';
import type { Certname, HostStanding } from '@gantry/contracts';
import { drainOf, fakeSetup, placeOf } from '../../test/fake-setup.js';
import { DrainProcedure } from '../procedures/drain.procedure.js';
import { EnableProcedure } from '../procedures/enable.procedure.js';
import { EpochFence } from '../procedures/epoch-fence.js';
import { IntentWatch } from '../watch/intent-watch.js';
import { Standing } from './standing.js';

const HOST = 'web1' as Certname;

function bench() {
  const setup = fakeSetup();
  const { device, pace, tools } = setup;
  const clock = { now: () => new Date(pace.nowMs()) };
  const fence = new EpochFence();
  const owners = new Standing(fence, { pace, clock, log: tools.log });
  const procedure = new DrainProcedure({ ...tools, owners });
  const watch = new IntentWatch({ ...tools, owners });
  const told = (standing: HostStanding['standing'], epoch = 1, agoMs = 0) => {
    const hosts = [{ host: HOST, epoch, standing, memberships: [placeOf('web1')] }];
    const time = new Date(pace.nowMs() - agoMs).toISOString();
    if (owners.hear({ time, data: { hosts } })) watch.adopt(hosts);
  };
  const admin = async () =>
    (await device.readPool('web')).members.find(({ member }) => member === 'web1')?.admin;
  const drain = (again = false) => procedure.run(drainOf('web1'), fence.claimOut('web1', 1), again);
  return { ...setup, owners, fence, watch, told, admin, drain };
}

describe('the log’s word on hosts', () => {
  it('F-012 stops a drain that slept before its write, until it knows what it missed', async () => {
    const { told, admin, drain, pace } = bench();
    told('asked-out');
    await pace.sleep(60_000);
    const draining = drain();
    await pace.sleep(1_000);
    expect(await admin()).toBe('in');
    told('in');
    expect(await draining).toMatchObject({ failure: { kind: 'stale-epoch' }, restored: true });
    expect(await admin()).toBe('in');
  });

  it.each(['before its first write', 'before it lets the host in', 'past its time'])(
    'F-012 an enable that slept %s keeps nobody from traffic whom another has put back',
    async (when) => {
      const { told, admin, fence, device, pace, tools, owners } = bench();
      await device.setAdmin('web', 'web1', 'off');
      const current = fence.claim('web1', 1);
      const request = { ...drainOf('web1'), timeoutMs: when === 'past its time' ? 20_000 : 90_000 };
      if (when === 'before its first write') await pace.sleep(60_000);
      else told('out');
      const enabling = new EnableProcedure({ ...tools, owners }).run(
        request,
        current,
        fence.claimOut('web1', 1),
      );
      if (when !== 'before its first write')
        while ((await admin()) !== 'drain') await pace.sleep(10);
      const writes: unknown[] = [];
      const setAdmin = device.setAdmin.bind(device);
      await setAdmin('web', 'web1', 'in');
      device.setAdmin = (pool, member, want) => {
        writes.push(want);
        return setAdmin(pool, member, want);
      };
      device.plugged = false;
      await pace.sleep(when === 'past its time' ? 20_400 : 45_000);
      device.plugged = true;
      await pace.sleep(500);
      told('in');
      await enabling;
      expect(writes.filter((want) => want !== 'in')).toEqual([]);
      expect(await admin()).toBe('in');
    },
  );

  it('lets a drain go on that still counts when it hears again', async () => {
    const { told, admin, drain, pace } = bench();
    const draining = drain();
    await pace.sleep(1_000);
    told('asked-out');
    expect(await draining).toMatchObject({ outcome: 'drained' });
    expect(await admin()).toBe('off');
  });

  it('does not take for news what lay in a socket while it slept', async () => {
    const { told, admin, drain, pace, log } = bench();
    await pace.sleep(60_000);
    const draining = drain();
    await pace.sleep(100);
    told('asked-out', 1, 45_000);
    await pace.sleep(1_000);
    expect(await admin()).toBe('in');
    expect(log.join()).toContain('too old to count');
    told('in');
    expect(await draining).toMatchObject({ failure: { kind: 'stale-epoch' } });
  });

  it('F-021 carries out a repeated drain only while the log asks for it: not under another claim, and not when nobody asks', async () => {
    for (const [standing, epoch, end] of [
      ['asked-out', 1, 'drained'],
      ['out', 1, 'drained'],
      ['asked-in', 1, 'failed'],
      ['asked-out', 2, 'failed'],
      ['in', 1, 'failed'],
    ] as const) {
      const { told, drain, pace } = bench();
      told('asked-out');
      const draining = drain(true);
      await pace.sleep(100);
      told(standing, epoch);
      expect([standing, epoch, (await draining).outcome]).toEqual([standing, epoch, end]);
    }
  });

  it('changes nothing when no orchestrator tells, and says so', async () => {
    const { admin, drain } = bench();
    const ended = await drain();
    expect(ended).toMatchObject({ outcome: 'failed', failure: { kind: 'unreachable' } });
    expect(ended.outcome === 'failed' && ended.failure.reason).toContain('an orchestrator runs');
    expect(await admin()).toBe('in');
  });

  it('F-079 has a host watched that was taken out before this life began', async () => {
    const { told, admin, watch, device, pace } = bench();
    await device.setAdmin('web', 'web1', 'off');
    told('out');
    await watch.look();
    device.reload();
    expect(await admin()).toBe('in');
    const looking = watch.look();
    await pace.sleep(500);
    told('out');
    await looking;
    expect(await admin()).toBe('off');
  });

  it('takes nobody out whom it finds in service: somebody put it there while nobody watched', async () => {
    const { told, admin, watch } = bench();
    told('out');
    await watch.look();
    told('out');
    await watch.look();
    expect([await admin(), watch.size]).toEqual(['in', 0]);
  });

  it('lets go of a host that another replica is asked to put back just after a reload', async () => {
    const { told, admin, watch, device, pace } = bench();
    await device.setAdmin('web', 'web1', 'off');
    told('out');
    await watch.look();
    device.reload();
    const looking = watch.look();
    await pace.sleep(500);
    told('asked-in');
    await looking;
    expect([await admin(), watch.size]).toEqual(['in', 0]);
  });
});
