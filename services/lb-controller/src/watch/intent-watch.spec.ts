import { describe, expect, it } from '@jest/globals';
import type { Certname, PoolSnapshot } from '@gantry/contracts';
import { fakeSetup, placeOf } from '../../test/fake-setup.js';
import { snapshotOf } from '../procedures/seen-place.js';
import { IntentWatch } from './intent-watch.js';

const HOST = 'web1' as Certname;

/** What the pool shows, as a request's outcome carries it. */
async function shown({ device, tools }: ReturnType<typeof fakeSetup>): Promise<PoolSnapshot> {
  return snapshotOf(placeOf('web1'), await device.readPool('web'), tools.clock.now());
}

async function watching() {
  const setup = fakeSetup();
  const watch = new IntentWatch(setup.tools);
  await setup.device.setAdmin('web', 'web1', 'off');
  watch.keepOut(HOST, [placeOf('web1')], [await shown(setup)]);
  await watch.look();
  const admin = async () =>
    (await setup.device.readPool('web')).members.find(({ member }) => member === 'web1')?.admin;
  return { ...setup, watch, admin };
}

describe('the watch over drained hosts', () => {
  it('puts a host out again after every reload', async () => {
    const { watch, device, admin, counted } = await watching();
    for (const times of [1, 2, 3]) {
      device.reload();
      await watch.look();
      expect(await admin()).toBe('off');
      expect(counted.reasserted).toBe(times);
    }
    await watch.look();
    expect(counted.reasserted).toBe(3);
  });

  it('leaves a released host alone', async () => {
    const { watch, device, admin } = await watching();
    await watch.release(HOST);
    device.reload();
    await watch.look();
    expect(await admin()).toBe('in');
  });

  it('does not write after a release that came while it was looking', async () => {
    const { watch, device, admin } = await watching();
    device.reload();
    const looking = watch.look();
    await watch.release(HOST);
    const then = await admin();
    await looking;
    expect(await admin()).toBe(then);
  });

  it('F-102 lets go of a host that was put in by another replica, and leaves it alone after a later reload', async () => {
    const { watch, device, admin, counted } = await watching();
    await device.setAdmin('web', 'web1', 'in');
    await watch.look();
    expect(await admin()).toBe('in');
    expect(watch.size).toBe(0);
    device.reload();
    await watch.look();
    expect(await admin()).toBe('in');
    expect(counted.reasserted).toBe(0);
  });

  it('knows from the request itself in which life of the device the host went out', async () => {
    const setup = fakeSetup();
    const watch = new IntentWatch(setup.tools);
    await setup.device.setAdmin('web', 'web1', 'off');
    watch.keepOut(HOST, [placeOf('web1')], [await shown(setup)]);
    await setup.device.setAdmin('web', 'web1', 'in');
    await watch.look();
    expect(watch.size).toBe(0);
    expect(setup.counted.reasserted).toBe(0);
  });

  it('does not mind a device that is away, and looks again when it is back', async () => {
    const { watch, device, admin } = await watching();
    device.plugged = false;
    await watch.look();
    device.plugged = true;
    device.reload();
    await watch.look();
    expect(await admin()).toBe('off');
  });
});
