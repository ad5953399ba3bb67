import { startBroker } from '@gantry/lab';
import type { Bench, BenchOptions } from '../bench.js';
import { alternate, type Contender, type Rounds } from '../measure/alternate.js';
import { compare, type Goal, type Row } from '../measure/compare.js';
import { bareStompit } from './bare-stompit.js';
import { accountOf, forwardsOf, namesOf } from './broker-account.js';
import { nestPingPong } from './nest-ping-pong.js';
import { tripsOf, type PingPong, type Trips } from './ping-pong.js';
import { transportPingPong } from './transport-ping-pong.js';

const WINDOWS = [1, 32];
const ROUND_MS = 700;
const ROUNDS_IN_ONE = 2;
const WARM_UP_MS = 1_500;
const BARE = 'bare stompit';
const GOAL: Goal = { atLeast: 0.7, of: 'ratio' };

/** Round trips through a real broker, beside stompit without the transport. */
export const busBench: Bench = {
  name: 'bus',
  title: 'Bus: round trips through the broker, persistent, with receipts and acknowledgements',
  async run(options) {
    const forwards = ['transport', 'nest', 'bare'].flatMap((who) => forwardsOf(namesOf(who)));
    const broker = await startBroker({ forwards, plain: true });
    const account = accountOf(broker);
    const players = [
      await transportPingPong(account),
      await nestPingPong(account),
      await bareStompit(account),
    ];
    try {
      const rows: Row[] = [];
      for (const window of WINDOWS) rows.push(...(await measure(players, window, options)));
      return rows;
    } finally {
      await Promise.all(players.map((player) => player.close()));
      await broker.stop();
    }
  },
};

async function measure(
  players: readonly PingPong[],
  window: number,
  options: BenchOptions,
): Promise<readonly Row[]> {
  options.tell(`${window} round trips at once`);
  for (const player of players) await tripsOf(player, window, WARM_UP_MS);
  const seen = new Map<string, Trips[]>(players.map(({ name }) => [name, []]));
  const contenders: Contender[] = players.map((player) => ({
    name: player.name,
    measure: async () => {
      const trips = await tripsOf(player, window, ROUND_MS);
      seen.get(player.name)?.push(trips);
      return trips.perSecond;
    },
  }));
  const rates = await alternate(contenders, options.rounds * ROUNDS_IN_ONE);
  return players
    .map(({ name }) => name)
    .filter((name) => name !== BARE)
    .flatMap((name) => beside(name, `${window} at once`, rates, seen));
}

function beside(
  subject: string,
  what: string,
  rates: Rounds,
  seen: ReadonlyMap<string, readonly Trips[]>,
): readonly Row[] {
  const pair = [subject, BARE];
  const both = (figures: (name: string) => readonly number[]): Rounds =>
    new Map(pair.map((name) => [name, figures(name)]));
  const took = (field: 'p50' | 'p99'): Rounds =>
    both((name) => (seen.get(name) ?? []).map((trips) => trips[field]));
  return [
    ...compare(
      both((name) => rates.get(name) ?? []),
      { what, unit: 'trips/s', subject, goals: { [BARE]: GOAL } },
    ),
    ...compare(took('p50'), { what: `${what}, p50`, unit: 'ms', subject }),
    ...compare(took('p99'), { what: `${what}, p99`, unit: 'ms', subject }),
  ];
}
