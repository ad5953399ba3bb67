import { describe, expect, it } from '@jest/globals';
import type { DeviceName } from '@gantry/contracts';
import { Devices } from '../src/adapters/devices.js';
import { DrainProcedure } from '../src/procedures/drain.procedure.js';
import { EnableProcedure } from '../src/procedures/enable.procedure.js';
import { FakeLoadBalancer } from './fake-load-balancer.js';
import { drainOf, fakeSetup, placeOf } from './fake-setup.js';

const always = () => true;
type Setup = ReturnType<typeof fakeSetup>;
const see = async (device: FakeLoadBalancer, member: string, pool = 'web') =>
  (await device.readPool(pool)).members.find((each) => each.member === member);
const enableOf = (member: string, memberships = [placeOf(member)]) => ({
  ...drainOf(member),
  memberships,
});

/** The fake of the setup and one more like it, on the same clock; calls to the other take so long. */
function twoDevices(latencyMs = 1): Setup & { readonly other: FakeLoadBalancer } {
  const setup = fakeSetup();
  const other = new FakeLoadBalancer({
    device: 'other' as DeviceName,
    pace: setup.pace,
    pools: { web: ['web1', 'web2', 'web3'] },
    timing: setup.device.timing,
    checkIntervalMs: 100,
    latencyMs: () => latencyMs,
  });
  const devices = new Devices([setup.device, other]);
  return { ...setup, other, tools: { ...setup.tools, devices } };
}
const onOther = (member: string) => ({ ...placeOf(member), device: 'other' as DeviceName });

describe('a device that answers badly', () => {
  it('F-073 refuses a drain: nothing is changed, and that is said with its words', async () => {
    const { device, tools } = fakeSetup();
    device.refusals = 20;
    const ended = await new DrainProcedure(tools).run(drainOf('web1'), always);
    expect(ended).toMatchObject({ outcome: 'failed', restored: true });
    expect(ended.outcome === 'failed' && ended.failure.reason).toContain('another task is active');
    expect(await see(device, 'web1')).toMatchObject({ admin: 'in', inService: true });
  });

  it('F-074 has drained and closed the host, and no answer came: it is found by reading', async () => {
    const { device, tools } = fakeSetup();
    device.lostAnswers = 2;
    const ended = await new DrainProcedure(tools).run(drainOf('web1'), always);
    expect(ended).toMatchObject({ outcome: 'drained' });
    expect(device.lostAnswers).toBe(0);
    expect(await see(device, 'web1')).toMatchObject({ admin: 'off' });
  });

  it('F-074 has let the host in, and no answer came: it is found by reading', async () => {
    const { device, tools } = fakeSetup();
    await new DrainProcedure(tools).run(drainOf('web1'), always);
    device.lostAnswers = 2;
    expect(await new EnableProcedure(tools).run(enableOf('web1'), always)).toMatchObject({
      outcome: 'enabled',
    });
    expect(await see(device, 'web1')).toMatchObject({ admin: 'in', inService: true });
  });

  it('F-077 answers from a cache: no host counts as out before the device shows it, and no minimum is broken', async () => {
    const { device, tools } = fakeSetup();
    const minimum = { memberships: [placeOf('web1', 'web', 2)] };
    await see(device, 'web1');
    device.cacheMs = 30_000;
    const ended = await new DrainProcedure(tools).run(drainOf('web1', minimum), always);
    expect(ended).toMatchObject({ outcome: 'failed', failure: { kind: 'not-effective' } });
    device.cacheMs = 0;
    const { members } = await device.readPool('web');
    expect(members.filter((member) => member.takesTraffic).length).toBeGreaterThanOrEqual(2);
  });

  it('F-084 shows the member down while the application answers: it is not in service', async () => {
    const { device, tools } = fakeSetup();
    await new DrainProcedure(tools).run(drainOf('web1'), always);
    device.setWell('web1', false);
    const ended = await new EnableProcedure(tools).run(
      { ...enableOf('web1'), timeoutMs: 2_000 },
      always,
    );
    expect(ended).toMatchObject({ outcome: 'failed', failure: { kind: 'unhealthy' } });
    expect(await see(device, 'web1')).toMatchObject({ admin: 'off' });
  });
});

describe('two devices', () => {
  it('F-086 of which one is very slow: the other does not wait for it', async () => {
    const { other, tools } = twoDevices(30_000);
    const procedure = new DrainProcedure(tools);
    const ends: string[] = [];
    const slow = procedure
      .run(drainOf('web1', { memberships: [onOther('web1')], timeoutMs: 3_600_000 }), always)
      .then(() => ends.push('slow'));
    const quick = procedure.run(drainOf('web2'), always).then(() => ends.push('quick'));
    await Promise.all([slow, quick]);
    expect(ends).toEqual(['quick', 'slow']);
    expect(await see(other, 'web1')).toMatchObject({ admin: 'off' });
  });

  it('F-087 before one host: it is drained only when both say so', async () => {
    const { device, other, tools, pace } = twoDevices();
    const release = other.hold('web', 'web1');
    let drained = false;
    const memberships = [placeOf('web1'), onOther('web1')];
    const draining = new DrainProcedure(tools)
      .run(drainOf('web1', { memberships }), always)
      .then((ended) => {
        drained = ended.outcome === 'drained';
      });
    await pace.sleep(2_000);
    expect((await see(device, 'web1'))?.connections).toBe(0);
    expect(drained).toBe(false);
    release();
    await draining;
    expect(drained).toBe(true);
  });

  it('F-087 before one host: it is in service only when both show it', async () => {
    const { device, other, tools } = twoDevices();
    const memberships = [placeOf('web1'), onOther('web1')];
    await new DrainProcedure(tools).run(drainOf('web1', { memberships }), always);
    other.setWell('web1', false);
    const ended = await new EnableProcedure(tools).run(
      { ...enableOf('web1', memberships), timeoutMs: 2_000 },
      always,
    );
    expect(ended).toMatchObject({ outcome: 'failed' });
    for (const each of [device, other])
      expect(await see(each, 'web1')).toMatchObject({ admin: 'off' });
  });
});
