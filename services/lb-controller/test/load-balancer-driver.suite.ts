import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Certname, PoolName, RequestId } from '@gantry/contracts';
import { systemClock } from '@gantry/service-kit';
import { Devices } from '../src/adapters/devices.js';
import type { LoadBalancerDriver } from '../src/ports/load-balancer-driver.port.js';
import { DrainProcedure } from '../src/procedures/drain.procedure.js';
import type { DrainRequest } from '../src/procedures/drain-run.js';
import { EnableProcedure } from '../src/procedures/enable.procedure.js';
import { survey } from '../src/procedures/survey.procedure.js';
import type { DeviceUnderTest } from './device-under-test.js';

const HOST = 'web1.example.net' as Certname;
const always = () => true;
const containing = (text: string) => expect.stringContaining(text) as unknown;

/** What every driver must do together with the procedures; runs on fakes and on real devices alike. */
export function loadBalancerDriverSuite(
  name: string,
  start: () => Promise<DeviceUnderTest>,
  timeoutMs: number,
): void {
  describe(`${name} as a load balancer`, () => {
    let device: DeviceUnderTest;
    let reasserted = 0;

    const tools = (driver: LoadBalancerDriver = device.driver) => ({
      devices: new Devices([driver]),
      clock: systemClock,
      pace: device.pace,
      log: { warn: () => undefined },
      owners: { known: () => Promise.resolve(), asksFor: () => Promise.resolve(true) },
      reasserted: () => (reasserted += 1),
    });
    const membership = (backend: string, member: string, minInService = 1) => ({
      pool: backend as PoolName,
      device: device.name,
      backend,
      member,
      minInService,
    });
    const drainOf = (member: string, change: Partial<DrainRequest> = {}): DrainRequest => ({
      requestId: `drain-${member}` as RequestId,
      host: HOST,
      epoch: 1,
      memberships: [membership('web', member)],
      timeoutMs: 30_000,
      maxConnections: 0,
      onTimeout: 'fail',
      ...change,
    });
    const enableOf = (member: string, timeoutMs = 30_000) => ({
      requestId: `enable-${member}` as RequestId,
      host: HOST,
      epoch: 1,
      memberships: [membership('web', member)],
      timeoutMs,
    });
    const drain = (request: DrainRequest) => new DrainProcedure(tools()).run(request, always);
    const enable = (request: ReturnType<typeof enableOf>) =>
      new EnableProcedure(tools()).run(request, always);
    const see = async (backend: string, member: string) =>
      (await device.driver.readPool(backend)).members.find((each) => each.member === member)!;
    const until = async (condition: () => Promise<boolean>) => {
      while (!(await condition())) await device.pace.sleep(20);
    };
    const traffic = () => {
      const ending = new AbortController();
      const done = (async () => {
        while (!ending.signal.aborted) {
          await device.request('web');
          await device.pace.sleep(20);
        }
      })();
      return async () => {
        ending.abort();
        await done;
      };
    };

    beforeEach(async () => {
      device = await start();
      reasserted = 0;
    }, timeoutMs);
    afterEach(() => device.close(), timeoutMs);

    it(
      'shows every member of a pool in service, and names what it cannot read',
      async () => {
        const pools = ['web', 'nosuch'].map((backend) => ({
          pool: backend as PoolName,
          device: device.name,
          backend,
        }));
        const seen = await survey(pools, tools());
        expect(seen.pools).toEqual([
          expect.objectContaining({
            pool: 'web',
            members: ['web1', 'web2', 'web3'].map((member) => ({
              member,
              admin: 'in',
              monitor: 'up',
              inService: true,
              connections: 0,
            })),
          }),
        ]);
        expect(seen.unreadable).toEqual([{ pool: 'nosuch', reason: containing('nosuch') }]);
      },
      timeoutMs,
    );

    it(
      'keeps the old connection while it drains, sends nothing new, and closes when it ends',
      async () => {
        const held = await device.hold('web', 'web1');
        const draining = drain(drainOf('web1'));
        await until(async () => (await see('web', 'web1')).admin === 'drain');
        const hitsThen = device.hits('web1');
        for (let n = 0; n < 9; n += 1) await device.request('web');
        expect(device.hits('web1')).toBe(hitsThen);
        expect(held.open()).toBe(true);
        expect((await see('web', 'web1')).connections).toBe(1);
        held.release();

        const ended = await draining;
        expect(ended).toMatchObject({
          outcome: 'drained',
          evidence: { end: 'idle', connectionsAtEnd: 0 },
        });
        expect(ended.outcome === 'drained' && ended.evidence.reads).toBeGreaterThanOrEqual(2);
        expect(await see('web', 'web1')).toMatchObject({ admin: 'off', inService: false });
        expect(ended.pools[0]?.members.filter(({ inService }) => inService)).toHaveLength(2);
      },
      timeoutMs,
    );

    it(
      'goes on with a drain that was begun before, and is content with one that was finished',
      async () => {
        await device.driver.setAdmin('web', 'web1', 'drain');
        expect(await drain(drainOf('web1'))).toMatchObject({ outcome: 'drained' });
        expect(await drain(drainOf('web1'))).toMatchObject({ outcome: 'drained' });
      },
      timeoutMs,
    );

    it(
      'F-081 puts everything back when the connections do not end in time',
      async () => {
        const held = await device.hold('web', 'web1');
        const ended = await drain(drainOf('web1', { timeoutMs: 500 }));
        expect(ended).toMatchObject({
          outcome: 'failed',
          failure: { kind: 'timeout' },
          restored: true,
        });
        expect(await see('web', 'web1')).toMatchObject({ admin: 'in', inService: true });
        expect(held.open()).toBe(true);
        held.release();
      },
      timeoutMs,
    );

    it(
      'F-081 cuts what is left when the request says so, and says that it did',
      async () => {
        const held = await device.hold('web', 'web1');
        const ended = await drain(drainOf('web1', { timeoutMs: 500, onTimeout: 'force' }));
        expect(ended).toMatchObject({
          outcome: 'drained',
          evidence: { end: 'forced', connectionsAtEnd: 1 },
        });
        await until(async () => (await see('web', 'web1')).connections === 0);
        expect((await see('web', 'web1')).admin).toBe('off');
        held.release();
      },
      timeoutMs,
    );

    it(
      'refuses to leave a pool with too few members, and changes nothing',
      async () => {
        await device.driver.setAdmin('web', 'web2', 'off');
        const request = drainOf('web1', { memberships: [membership('web', 'web1', 2)] });
        expect(await drain(request)).toMatchObject({
          outcome: 'failed',
          failure: { kind: 'capacity', reason: containing('needs 2') },
          restored: true,
        });
        expect(await see('web', 'web1')).toMatchObject({ admin: 'in', inService: true });
      },
      timeoutMs,
    );

    it(
      'lets at most one of two hosts out when only one may go, whether one process drains them or two',
      async () => {
        const of = (member: string) =>
          drainOf(member, { memberships: [membership('web', member, 2)] });
        const one = new DrainProcedure(tools());
        const same = await Promise.all(['web1', 'web2'].map((each) => one.run(of(each), always)));
        expect(same.map(({ outcome }) => outcome).sort()).toEqual(['drained', 'failed']);
        for (const member of ['web1', 'web2']) await enable(enableOf(member));

        await Promise.all(
          ['web1', 'web2'].map((each) => new DrainProcedure(tools()).run(of(each), always)),
        );
        const { members } = await device.driver.readPool('web');
        expect(members.filter(({ inService }) => inService).length).toBeGreaterThanOrEqual(2);
      },
      timeoutMs,
    );

    it(
      'F-083 does not take a missing member for one that is out',
      async () => {
        expect(await drain(drainOf('web9'))).toMatchObject({
          outcome: 'failed',
          failure: { kind: 'not-found', reason: containing('web9') },
        });
      },
      timeoutMs,
    );

    it(
      'says so when the device does not answer, and works when it does again',
      async () => {
        await device.unplug();
        expect(await drain(drainOf('web1'))).toMatchObject({
          outcome: 'failed',
          failure: { kind: 'unreachable' },
        });
        await device.plug();
        expect(await drain(drainOf('web1'))).toMatchObject({ outcome: 'drained' });
      },
      timeoutMs,
    );

    it(
      'F-075 F-076 drains all pools of a host or none',
      async () => {
        const deaf: LoadBalancerDriver = {
          device: device.driver.device,
          timing: device.driver.timing,
          readPool: (backend) => device.driver.readPool(backend),
          setAdmin: (backend, member, want) =>
            backend === 'api' ? Promise.resolve() : device.driver.setAdmin(backend, member, want),
          killConnections: () => Promise.resolve(),
        };
        const memberships = [membership('web', 'web1'), membership('api', 'web1')];
        const ended = await new DrainProcedure(tools(deaf)).run(
          drainOf('web1', { memberships }),
          always,
        );
        expect(ended).toMatchObject({
          outcome: 'failed',
          failure: { kind: 'not-effective' },
          restored: true,
        });
        expect(await see('web', 'web1')).toMatchObject({ admin: 'in' });
        expect(await see('api', 'web1')).toMatchObject({ admin: 'in' });

        expect(await drain(drainOf('web1', { memberships }))).toMatchObject({ outcome: 'drained' });
        expect(await see('api', 'web1')).toMatchObject({ admin: 'off' });
      },
      timeoutMs,
    );

    it(
      'F-079 sets a drain again that a reload forgot, and mistrusts the count that forgot the old connections',
      async () => {
        const held = await device.hold('web', 'web1');
        const draining = drain(drainOf('web1'));
        await until(async () => (await see('web', 'web1')).admin === 'drain');
        await device.reload();
        const ended = await draining;
        expect(ended).toMatchObject({ outcome: 'drained' });
        expect(reasserted).toBeGreaterThanOrEqual(1);
        expect(await see('web', 'web1')).toMatchObject({ admin: 'off' });
        const { epochAgeMs } = await device.driver.readPool('web');
        expect(epochAgeMs).toBeGreaterThanOrEqual(device.driver.timing.reloadGraceMs);
        held.release();
      },
      timeoutMs,
    );

    it(
      'lets a host in only after a fresh good check',
      async () => {
        await drain(drainOf('web3'));
        const checksThen = device.checks('web3');
        const ended = await enable(enableOf('web3'));
        expect(ended).toMatchObject({ outcome: 'enabled' });
        expect(device.checks('web3')).toBeGreaterThan(checksThen);
        expect(await see('web', 'web3')).toMatchObject({ admin: 'in', inService: true });
        expect(await enable(enableOf('web3'))).toMatchObject({ outcome: 'enabled' });
      },
      timeoutMs,
    );

    it(
      'never sends a request to an application that died while it was out',
      async () => {
        await drain(drainOf('web1'));
        device.setWell('web1', false);
        const stop = traffic();
        const hitsThen = device.hits('web1');
        const ended = await enable(enableOf('web1', 3_000));
        await stop();
        expect(ended).toMatchObject({ outcome: 'failed', failure: { kind: 'unhealthy' } });
        expect(device.hits('web1')).toBe(hitsThen);
        expect(device.hits('web2')).toBeGreaterThan(0);
        expect(await see('web', 'web1')).toMatchObject({ admin: 'off' });
      },
      timeoutMs,
    );
  });
}
