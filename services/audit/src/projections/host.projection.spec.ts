import { describe, expect, it } from '@jest/globals';
import { HostView, RefreshView, AttentionView, BuildView } from '@gantry/contracts';
import {
  attentionStory,
  begun,
  buildStory,
  D1,
  failedTurn,
  fleetAdopted,
  goodDeployment,
  placed,
  R1,
  refreshStory,
  second,
  turn,
  WEB1,
  WEB2,
  type Told,
} from '../../test/log-story.js';
import { MemoryModels } from '../../test/memory-models.js';
import { buildProjection } from './build.projection.js';
import { hostView } from './host.record.js';

const after = (...story: Told[]): MemoryModels => new MemoryModels().apply(placed(story));
const unheard = { reachable: null, lastHeardAt: null, listenerVersion: null };

function hostOf(models: MemoryModels, name: string): HostView {
  const seen = hostView(models.row('host', name), unheard);
  expect(HostView.parse(seen)).toEqual(seen);
  return seen;
}

describe('hosts', () => {
  it('come from the fleet file, with nothing known of them', () => {
    expect(hostOf(after(fleetAdopted()), WEB1)).toEqual({
      host: WEB1,
      environments: ['production'],
      applications: ['shop'],
      installed: [],
      installedAsOf: null,
      lastRun: null,
      ownedBy: null,
      outOfService: false,
      ...unheard,
    });
  });

  it('leave with the fleet file, unless something is still to be done about them', () => {
    const gone = after(fleetAdopted(), fleetAdopted([WEB1]));
    expect(Object.keys(gone.all()['host'] ?? {})).toEqual([WEB1]);
    const kept = after(
      fleetAdopted(),
      ...begun(D1, '2.0.0-1', [WEB1, WEB2]),
      ...failedTurn(D1, WEB2),
      fleetAdopted([WEB1]),
    );
    expect(hostOf(kept, WEB2)).toMatchObject({ environments: [], outOfService: true });
  });

  it('are owned and out of service during their turn, and free and in service after it', () => {
    const story = [fleetAdopted(), ...begun(D1, '1.1.0-1', [WEB1])];
    const during = after(...story, ...turn(D1, WEB1, '1.1.0-1').slice(0, 4));
    expect(hostOf(during, WEB1)).toMatchObject({ ownedBy: `deployment-${D1}`, outOfService: true });
    const done = after(...story, ...turn(D1, WEB1, '1.1.0-1'));
    expect(hostOf(done, WEB1)).toMatchObject({
      ownedBy: null,
      outOfService: false,
      installed: [{ name: 'shop', evr: '1.1.0-1', nevra: 'shop-1.1.0-1.x86_64' }],
      installedAsOf: second(2.5),
      lastRun: { at: second(2.5), verdict: { kind: 'converged' }, noop: false, outOfSync: 1 },
    });
  });

  it('remember since when a version has been there, not when it was read last', () => {
    const models = after(fleetAdopted(), ...goodDeployment(D1, '1.1.0-1'), ...refreshStory());
    const [item] = models.row('host', WEB2).installed;
    expect(item).toMatchObject({ evr: '1.1.0-1', since: second(2.5) });
  });

  it('show drift from noop runs', () => {
    const models = after(fleetAdopted(), ...refreshStory());
    expect(hostOf(models, WEB1).lastRun).toMatchObject({ noop: true, outOfSync: 1 });
    expect(hostOf(models, WEB2).ownedBy).toBeNull();
  });
});

describe('refreshes, builds and attention items', () => {
  it('show each host of a refresh with its verdict', () => {
    const seen = after(...refreshStory()).row('refresh', R1);
    expect(RefreshView.parse(seen)).toEqual(seen);
    expect(seen).toMatchObject({
      status: 'completed',
      noop: true,
      version: 7,
      progress: [
        { host: WEB1, status: 'done', verdict: { kind: 'converged' } },
        { host: WEB2, status: 'failed', verdict: null, reason: 'no answer' },
      ],
    });
  });

  const states: [events: number, state: string][] = [
    [1, 'deployable'],
    [2, 'changed'],
    [3, 'quarantined'],
    [4, 'deployable'],
    [5, 'gone'],
    [6, 'deployable'],
  ];
  it.each(states)('after %i events a build is %s', (events, state) => {
    const models = after(...buildStory('1.1.0-1').slice(0, events));
    const seen = models.row('build', 'shop-1.1.0-1');
    expect(BuildView.parse(seen)).toEqual(seen);
    expect(seen.state).toBe(state);
  });

  it('follow a build whose row is from before it was known which repositories have it', () => {
    const [seen, , , , unlisted, listed] = placed(buildStory('1.1.0-1'));
    const step = (row: BuildView | undefined, event = seen!): BuildView | undefined =>
      buildProjection.apply(row, event, 'shop-1.1.0-1');
    const { listedIn: _unknown, ...old } = step(undefined)!;
    const gone = step(old, unlisted);
    expect(gone).toMatchObject({ state: 'gone', listedIn: [] });
    expect(step(gone, listed)).toMatchObject({ state: 'deployable' });
  });

  it('close an attention item and open it again as one', () => {
    const key = `host-out-of-service.${WEB2}`;
    const closed = after(...attentionStory(WEB2).slice(0, 2)).row('attention', key);
    expect(AttentionView.parse(closed)).toEqual(closed);
    expect(closed).toMatchObject({ closedBecause: 'deployed again', closedAt: second(1) });
    const again = after(...attentionStory(WEB2)).row('attention', key);
    expect(again).toMatchObject({ closedAt: null, openedAt: second(2) });
  });
});
