import { describe, expect, it } from '@jest/globals';
import type { Certname, RequestId } from '@gantry/contracts';
import { fakeSetup, placeOf } from '../../test/fake-setup.js';
import { EnableProcedure } from './enable.procedure.js';
import { EpochFence } from './epoch-fence.js';

const always = () => true;
const enableOf = (member: string, pools: readonly string[] = ['web'], timeoutMs = 3_000) => ({
  requestId: `enable-${member}` as RequestId,
  host: member as Certname,
  epoch: 1,
  memberships: pools.map((pool) => placeOf(member, pool)),
  timeoutMs,
});

async function drained(...pools: string[]) {
  const setup = fakeSetup();
  for (const pool of pools) await setup.device.setAdmin(pool, 'web1', 'off');
  const see = async (pool = 'web') =>
    (await setup.device.readPool(pool)).members.find(({ member }) => member === 'web1');
  const procedure = new EnableProcedure(setup.tools);
  return { ...setup, see, procedure };
}

describe('an enable', () => {
  it('goes on where a crashed run stopped: one pool in, one still out', async () => {
    const { device, procedure, see } = await drained('web', 'api');
    await device.setAdmin('web', 'web1', 'in');
    const ended = await procedure.run(enableOf('web1', ['web', 'api']), always);
    expect(ended).toMatchObject({ outcome: 'enabled' });
    expect([await see('web'), await see('api')]).toMatchObject([
      { inService: true },
      { inService: true },
    ]);
  });

  it('begins again when the device is reloaded in the middle of it', async () => {
    const { device, procedure, see, pace } = await drained('web');
    const enabling = procedure.run(enableOf('web1'), always);
    while ((await see())?.admin !== 'drain') await pace.sleep(10);
    device.reload();
    while ((await see())?.admin !== 'drain') await pace.sleep(10);
    expect(await enabling).toMatchObject({ outcome: 'enabled', pools: [{ epoch: '2' }] });
  });

  it('waits for an application that is still starting', async () => {
    const { device, procedure, pace } = await drained('web');
    device.setWell('web1', false);
    const enabling = procedure.run(enableOf('web1'), always);
    await pace.sleep(1_000);
    device.setWell('web1', true);
    const ended = await enabling;
    expect(ended.outcome).toBe('enabled');
    expect(ended.outcome === 'enabled' && ended.evidence.waitedMs).toBeGreaterThanOrEqual(900);
  });

  it('says when the device takes commands and does not follow them', async () => {
    const { device, procedure } = await drained('web');
    device.deaf.add('web');
    expect(await procedure.run(enableOf('web1'), always)).toMatchObject({
      outcome: 'failed',
      failure: { kind: 'not-effective' },
      keepOut: [{ pool: 'web' }],
    });
  });

  it('takes a host out of all pools again when one of them does not take it in', async () => {
    const { device, procedure, see, pace } = await drained('web', 'api');
    const enabling = procedure.run(enableOf('web1', ['web', 'api']), always);
    while ((await see('api'))?.admin !== 'drain') await pace.sleep(10);
    device.deaf.add('api');
    const ended = await enabling;
    expect(ended).toMatchObject({
      outcome: 'failed',
      failure: { kind: 'not-effective' },
      keepOut: [{ pool: 'web' }, { pool: 'api' }],
    });
    expect((await see('web'))?.admin).toBe('off');
  });

  it('names the device when it cannot be reached, and takes nothing for done', async () => {
    const { device, procedure, pace, see } = await drained('web');
    const enabling = procedure.run(enableOf('web1'), always);
    while ((await see())?.admin !== 'drain') await pace.sleep(10);
    device.plugged = false;
    expect(await enabling).toMatchObject({
      failure: { kind: 'unreachable' },
      keepOut: [{ member: 'web1' }],
    });
  });

  it('stops when a newer claim on the host comes, and leaves it as it is', async () => {
    const { procedure, pace, see } = await drained('web');
    const fence = new EpochFence();
    const enabling = procedure.run(enableOf('web1'), fence.claim('web1', 1));
    while ((await see())?.admin !== 'drain') await pace.sleep(10);
    fence.claim('web1', 2);
    expect(await enabling).toMatchObject({ failure: { kind: 'stale-epoch' }, keepOut: [] });
    expect((await see())?.admin).toBe('drain');
  });
});
