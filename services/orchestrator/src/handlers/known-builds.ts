import { Inject, Injectable } from '@nestjs/common';
import {
  buildKey,
  type DataOf,
  type DeploymentHostSurveyed,
  type Evr,
  type PackageName,
} from '@gantry/contracts';
import { isGone } from '@gantry/domain';
import { buildAggregate } from '../streams/build.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';

type Surveyed = DataOf<typeof DeploymentHostSurveyed>;

/** What the log knows of builds that repositories had. */
@Injectable()
export class KnownBuilds {
  constructor(@Inject(StreamFolder) private readonly streams: Pick<StreamFolder, 'latest'>) {}

  /** Whether it was seen, and is in no repository any more. */
  async isGone(name: PackageName, evr: Evr): Promise<boolean> {
    return isGone((await this.streams.latest(buildAggregate, buildKey(name, evr))).state);
  }

  /** Of these packages those that could not be installed again. */
  async goneOf(installed: Surveyed['installed']): Promise<NonNullable<Surveyed['gone']>> {
    const each = await Promise.all(
      installed.map(async ({ name, evr }) =>
        evr !== null && (await this.isGone(name, evr)) ? [{ name, evr }] : [],
      ),
    );
    return each.flat();
  }
}
