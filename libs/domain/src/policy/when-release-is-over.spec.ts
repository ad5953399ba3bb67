import { describe, expect, it } from '@jest/globals';
import { Evr, PipelineName } from '@gantry/contracts';
import { World } from '../../test/world.js';
import { RELEASE } from '../../test/release-world.js';
import type { Active, ReleaseState } from '../index.js';
import { whenReleaseIsOver } from './when-release-is-over.js';

const over = (status: 'succeeded' | 'failed' | 'stopped' | 'superseded'): ReleaseState => ({
  ...{ status, pipeline: PipelineName.parse('shop'), evr: Evr.parse('1.1.0-1') },
});

/** A deployment of the release, as it is asked for or while it runs. */
function deployment(status: 'requested' | 'running'): Active {
  const world = new World();
  world.request({}, { release: { releaseId: RELEASE, stage: 0 } });
  if (status === 'running') world.until(() => world.phase('web1.lab') === 'running-puppet');
  return world.state as Active;
}

describe('a deployment whose release is over', () => {
  it.each(['failed', 'stopped', 'superseded'] as const)(
    'ends before it begins where the release %s',
    (status) => {
      expect(whenReleaseIsOver(deployment('requested'), over(status))).toEqual({ do: 'withdraw' });
    },
  );

  it('stops before its next host where the release failed, and by its name', () => {
    expect(whenReleaseIsOver(deployment('running'), over('failed'))).toMatchObject({
      do: 'hold',
      binding: { id: `release:${RELEASE}`, what: expect.stringContaining('has failed') },
    });
  });

  it('goes on where a person has overridden that, and where the release was stopped or overtaken', () => {
    const running = deployment('running');
    const overridden = { ...running, accept: [`release:${RELEASE}`] };
    expect(whenReleaseIsOver(overridden, over('failed'))).toEqual({ do: 'nothing' });
    for (const status of ['stopped', 'superseded', 'succeeded'] as const)
      expect(whenReleaseIsOver(running, over(status))).toEqual({ do: 'nothing' });
  });
});
