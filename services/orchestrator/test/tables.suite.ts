import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Fact, HostClaim } from '@gantry/domain';
import type { EventLog, LogTransaction } from '@gantry/event-log';
import type { ActiveStreams } from '../src/persistence/active-streams.repository.js';
import type { Allocations } from '../src/persistence/allocations.repository.js';
import type { HostStandings } from '../src/persistence/host-standings.repository.js';
import type { Timers } from '../src/persistence/timers.repository.js';

/** The tables that are derived from the log, wherever they are kept. */
export interface TablesUnderTest {
  readonly log: EventLog;
  readonly allocations: Allocations;
  readonly timers: Timers;
  readonly active: ActiveStreams;
  readonly standings: Pick<HostStandings, 'lately'>;
}

const ONE = 'deployment-0192f5a0-0000-7000-8000-000000000001';
const TWO = 'deployment-0192f5a0-0000-7000-8000-000000000002';
const SLOT = { application: 'shop', environment: 'production' };

const claim = (host: string, epoch = 1): HostClaim => ({
  host,
  epoch,
  members: [{ pool: 'web', member: host }],
  servers: ['puppet.lab'],
});
const places = [{ pool: 'web', device: 'lb1', backend: 'web', member: 'm1' }];
/** An event about a host, with what its standing follows from. */
const fact = (type: string, host: string, data: object = {}): Fact =>
  ({ type, data: { host, ...data }, at: '2026-01-01T00:00:00.000Z' }) as unknown as Fact;
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** What claims, slots and timers promise, on Postgres and in memory alike. */
export function tablesSuite(name: string, make: () => Promise<TablesUnderTest>): void {
  describe(`claims, slots and timers ${name}`, () => {
    let tables: TablesUnderTest;
    const within = async <T>(work: (tx: LogTransaction) => Promise<T>): Promise<T> => {
      const result = await tables.log.transact({ streams: [], work });
      if (result.outcome !== 'committed') throw new Error('nothing was handled before');
      return result.value;
    };
    const claims = (
      stream: string,
      after: readonly HostClaim[],
      before: readonly HostClaim[] = [],
    ) => within((tx) => tables.allocations.replaceClaims(tx, stream, before, after));
    const held = (stream: string) => within((tx) => tables.allocations.heldBy(tx, stream));
    const timer = (stream: string, due: string | undefined, wantsPlace = false) =>
      within((tx) => tables.allocations.setTimer(tx, stream, due, wantsPlace));
    const occupant = () =>
      within((tx) => tables.allocations.occupant(tx, SLOT.application, SLOT.environment));

    beforeEach(async () => {
      tables = await make();
    });

    it('gives every reading a block of fencing numbers above all before it', async () => {
      const first = await within((tx) => tables.allocations.read(tx, ONE));
      const second = await within((tx) => tables.allocations.read(tx, TWO));
      expect(second.fence - first.fence).toBe(10_000);
    });

    it('shows what others hold, and not what the stream holds itself', async () => {
      await claims(ONE, [claim('web1.lab'), claim('web2.lab')]);
      const { admission } = await within((tx) => tables.allocations.read(tx, TWO));
      expect([...admission.claimed].sort()).toEqual(['web1.lab', 'web2.lab']);
      expect(admission.heldInPools.get('web')?.slice().sort()).toEqual(['web1.lab', 'web2.lab']);
      expect(admission.runsOn.get('puppet.lab')).toBe(2);
      const own = await within((tx) => tables.allocations.read(tx, ONE));
      expect(own.admission.claimed.size).toBe(0);
    });

    it('gives a host to one stream only', async () => {
      expect(await claims(ONE, [claim('web1.lab')])).toBe(true);
      expect(await claims(TWO, [claim('web1.lab', 2)])).toBe(false);
      expect((await held(ONE)).claims).toEqual([{ host: 'web1.lab', epoch: 1 }]);
      expect((await held(TWO)).claims).toEqual([]);
    });

    it('replaces a claim by one of a later turn', async () => {
      await claims(ONE, [claim('web1.lab', 1)]);
      expect(await claims(ONE, [claim('web1.lab', 2)], [claim('web1.lab', 1)])).toBe(true);
      expect((await held(ONE)).claims).toEqual([{ host: 'web1.lab', epoch: 2 }]);
    });

    it('takes everything back when the transaction fails', async () => {
      await claims(ONE, [claim('web1.lab')]);
      const failing = within(async (tx) => {
        await tables.allocations.replaceClaims(tx, ONE, [claim('web1.lab')], [claim('web2.lab')]);
        await tables.allocations.replaceSlot(tx, ONE, SLOT);
        await tables.allocations.setTimer(tx, ONE, inMs(-1_000), false);
        throw new Error('once more');
      });
      await expect(failing).rejects.toThrow('once more');
      expect(await held(ONE)).toEqual({
        claims: [{ host: 'web1.lab', epoch: 1 }],
        slot: false,
        timer: false,
      });
    });

    it('gives a slot to one stream until it is freed', async () => {
      const take = (stream: string) =>
        within((tx) => tables.allocations.replaceSlot(tx, stream, SLOT));
      expect([await take(ONE), await take(TWO), await occupant()]).toEqual([true, false, ONE]);
      await within((tx) => tables.allocations.replaceSlot(tx, ONE, undefined));
      expect([await occupant(), await take(TWO), await occupant()]).toEqual([undefined, true, TWO]);
    });

    it('hands a due timer out once, and again only after the push-back', async () => {
      await timer(ONE, inMs(-2_000));
      await timer(TWO, inMs(60_000));
      expect(await tables.timers.takeDue(10, 60_000)).toEqual([ONE]);
      expect(await tables.timers.takeDue(10, 60_000)).toEqual([]);
      await timer(ONE, undefined);
      expect((await held(ONE)).timer).toBe(false);
    });

    it('hands out the longest due first, no more than asked for', async () => {
      await timer(ONE, inMs(-2_000));
      await timer(TWO, inMs(-9_000));
      expect(await tables.timers.takeDue(1, 60_000)).toEqual([TWO]);
    });

    it('wakes whoever waits for a place when somebody gives one back', async () => {
      await claims(ONE, [claim('web1.lab')]);
      await timer(ONE, inMs(60_000), true);
      await timer(TWO, inMs(60_000), true);
      await claims(ONE, [], [claim('web1.lab')]);
      expect(await tables.timers.takeDue(10, 60_000)).toEqual([TWO]);
    });

    it('lets those sleep who wait for something else', async () => {
      await claims(ONE, [claim('web1.lab')]);
      await timer(TWO, inMs(60_000), false);
      await claims(ONE, [], [claim('web1.lab')]);
      expect(await tables.timers.takeDue(10, 60_000)).toEqual([]);
    });

    it('names everybody who holds anything', async () => {
      await claims(ONE, [claim('web1.lab')]);
      await timer(ONE, inMs(60_000));
      await timer(TWO, inMs(60_000));
      expect([...(await tables.active.holders())].sort()).toEqual([ONE, TWO]);
    });

    it('knows where hosts stand, by the newest claim on each, and takes it back with its transaction', async () => {
      const stand = (stream: string, ...facts: Fact[]) =>
        within((tx) => tables.allocations.stand(tx, stream, facts));
      const asked = (type: string, host: string, epoch: number) =>
        fact(type, host, { epoch, memberships: places });
      const said = async () =>
        (await tables.standings.lately())
          .map((s) => `${s.host} ${s.standing} ${s.epoch} ${s.memberships.length}`)
          .sort();
      await stand(ONE, asked('lb.drain.requested', 'web1.lab', 1));
      await stand(ONE, fact('deployment.host-drained', 'web1.lab'));
      await stand(ONE, asked('lb.drain.requested', 'web2.lab', 2));
      expect(await said()).toEqual(['web1.lab out 1 1', 'web2.lab asked-out 2 0']);
      await stand(
        TWO,
        asked('lb.enable.requested', 'web1.lab', 10),
        fact('deployment.host-enabled', 'web1.lab'),
      );
      await stand(ONE, fact('deployment.host-failed', 'web1.lab', { outOfService: true }));
      await stand(ONE, fact('deployment.host-failed', 'web2.lab', { outOfService: true }));
      await stand(ONE, fact('deployment.host-failed', 'web3.lab', { outOfService: true }));
      expect(await said()).toEqual(['web1.lab in 10 0', 'web2.lab out 2 1']);
      const undone = within(async (tx) => {
        await tables.allocations.stand(tx, TWO, [asked('lb.drain.requested', 'web1.lab', 11)]);
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      expect(await said()).toEqual(['web1.lab in 10 0', 'web2.lab out 2 1']);
    });
  });
}
