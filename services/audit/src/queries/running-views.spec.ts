import { describe, expect, it } from '@jest/globals';
import { Certname, DeploymentId, RunningView } from '@gantry/contracts';
import { D1, fleetAdopted, placed, WEB1, WEB2 } from '../../test/log-story.js';
import { MemoryModels } from '../../test/memory-models.js';
import { unknownHost, withInstalled, type HostRecord } from '../projections/host.record.js';
import { runningViews } from './running-views.js';

const fleet = new MemoryModels().apply(placed([fleetAdopted()])).row('fleet', 'main');
const at = (hour: number) => `2026-03-01T${hour}:00:00.000Z`;

function host(name: string, evr: string | null, since: string): HostRecord {
  return withInstalled(
    unknownHost(Certname.parse(name)),
    [{ name: 'shop', evr, nevra: null } as never],
    since,
  );
}

describe('what runs where', () => {
  it('is nothing before a fleet file was adopted', () => {
    expect(runningViews({ fleet: undefined, hosts: [], lastDeployments: [] })).toEqual([]);
  });

  it('groups hosts by version and is as old as the last change', () => {
    const views = runningViews({
      fleet,
      hosts: [host(WEB1, '1.1.0-1', at(11)), host(WEB2, '1.0.0-1', at(10))],
      lastDeployments: [
        { application: 'shop', environment: 'production', id: DeploymentId.parse(D1) },
      ],
    });
    expect(views).toEqual([
      {
        application: 'shop',
        environment: 'production',
        versions: [
          { evr: '1.1.0-1', hosts: [WEB1] },
          { evr: '1.0.0-1', hosts: [WEB2] },
        ],
        since: at(11),
        lastDeployment: D1,
      },
    ]);
    views.forEach((view) => expect(RunningView.parse(view)).toEqual(view));
  });

  it('leaves hosts out whose version is not known, or that have none', () => {
    const [view] = runningViews({ fleet, hosts: [host(WEB1, null, at(11))], lastDeployments: [] });
    expect(view).toMatchObject({ versions: [], since: null, lastDeployment: null });
  });
});
