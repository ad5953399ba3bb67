import { describe, expect, it } from '@jest/globals';
import { drainOf, fakeSetup, placeOf } from '../../test/fake-setup.js';
import { DrainProcedure } from './drain.procedure.js';
import { EpochFence } from './epoch-fence.js';

const always = () => true;
const admin = async (device: ReturnType<typeof fakeSetup>['device'], member: string) =>
  (await device.readPool('web')).members.find((each) => each.member === member)?.admin;

describe('a drain', () => {
  it('that was begun by a crashed run is not called restored when it fails: the host is out', async () => {
    const { device, tools } = fakeSetup();
    await device.setAdmin('web', 'web1', 'drain');
    device.hold('web', 'web1');
    const request = drainOf('web1', { timeoutMs: 200 });
    const ended = await new DrainProcedure(tools).run(request, always, true);
    expect(ended).toMatchObject({ failure: { kind: 'timeout' }, restored: false });
    expect(await admin(device, 'web1')).toBe('drain');
  });

  it('that cannot see the device claims to be untouched only when it cannot have begun before', async () => {
    const { device, tools } = fakeSetup();
    device.plugged = false;
    const procedure = new DrainProcedure(tools);
    expect(await procedure.run(drainOf('web1'), always)).toMatchObject({ restored: true });
    expect(await procedure.run(drainOf('web1'), always, true)).toMatchObject({ restored: false });
  });

  it('stops and leaves everything alone when a newer claim on the host comes', async () => {
    const { device, tools, pace } = fakeSetup();
    device.hold('web', 'web1');
    const fence = new EpochFence();
    const draining = new DrainProcedure(tools).run(drainOf('web1'), fence.claim('web1', 1));
    while ((await admin(device, 'web1')) !== 'drain') await pace.sleep(10);
    fence.claim('web1', 2);
    expect(await draining).toMatchObject({ failure: { kind: 'stale-epoch' }, restored: false });
    expect(await admin(device, 'web1')).toBe('drain');
  });

  it('goes on over a device that is away for a while', async () => {
    const { device, tools, pace } = fakeSetup();
    const release = device.hold('web', 'web1');
    const draining = new DrainProcedure(tools).run(drainOf('web1'), always);
    while ((await admin(device, 'web1')) !== 'drain') await pace.sleep(10);
    device.plugged = false;
    await pace.sleep(1_000);
    device.plugged = true;
    release();
    expect(await draining).toMatchObject({ outcome: 'drained' });
  });

  it('fails when its member is taken out of the pool, and does not call that idle', async () => {
    const { device, tools, pace } = fakeSetup();
    device.hold('web', 'web1');
    const draining = new DrainProcedure(tools).run(drainOf('web1'), always);
    while ((await admin(device, 'web1')) !== 'drain') await pace.sleep(10);
    device.remove('web', 'web1');
    expect(await draining).toMatchObject({ failure: { kind: 'not-found' }, restored: false });
  });

  it('gives up against an agent that puts the member back in again and again', async () => {
    const { device, tools, pace } = fakeSetup();
    device.hold('web', 'web1');
    const agentEnds = new AbortController();
    const agent = (async () => {
      while (!agentEnds.signal.aborted) {
        if ((await admin(device, 'web1')) === 'drain') await device.setAdmin('web', 'web1', 'in');
        await pace.sleep(20);
      }
    })();
    const outcome = await new DrainProcedure(tools).run(drainOf('web1'), always);
    agentEnds.abort();
    await agent;
    expect(outcome).toMatchObject({ failure: { kind: 'not-effective' } });
  });

  it('names a device that is not configured', async () => {
    const { tools } = fakeSetup();
    const memberships = [{ ...placeOf('web1'), device: 'lb9' as never }];
    const ended = await new DrainProcedure(tools).run(drainOf('web1', { memberships }), always);
    expect(ended).toMatchObject({ outcome: 'failed', failure: { kind: 'not-found' } });
    expect(ended.outcome === 'failed' && ended.failure.reason).toContain('lb9');
  });

  it('measures only the waiting for connections', async () => {
    const { device, tools, pace } = fakeSetup();
    const release = device.hold('web', 'web1');
    const draining = new DrainProcedure(tools).run(drainOf('web1'), always);
    while ((await admin(device, 'web1')) !== 'drain') await pace.sleep(10);
    await pace.sleep(1_000);
    release();
    const ended = await draining;
    const waited = ended.outcome === 'drained' ? ended.evidence.waitedMs : 0;
    expect(waited).toBeGreaterThanOrEqual(1_000);
    expect(waited).toBeLessThan(1_500);
  });
});
