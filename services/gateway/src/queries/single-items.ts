import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  GetDeployment,
  GetRefresh,
  GetRelease,
  type DeploymentId,
  type DeploymentView,
  type RefreshId,
  type RefreshView,
  type ReleaseId,
  type ReleaseView,
} from '@gantry/contracts';
import { ProblemException } from '../http/problem.js';
import { AuditQueries } from './audit-queries.js';
import { FreshIds } from './fresh-ids.js';

const LOOK_AGAIN_MS = 100;

/** One deployment or refresh by its id; "not found" only when it is neither known nor just made. */
@Injectable()
export class SingleItems {
  constructor(
    private readonly queries: AuditQueries,
    private readonly fresh: FreshIds,
  ) {}

  /** The deployment as it stands. */
  deployment(deploymentId: DeploymentId): Promise<DeploymentView> {
    return this.found('deployment', deploymentId, async () => {
      const { item } = await this.queries.ask(GetDeployment, { deploymentId });
      return item;
    });
  }

  /** The refresh as it stands. */
  refresh(refreshId: RefreshId): Promise<RefreshView> {
    return this.found('refresh', refreshId, async () => {
      const { item } = await this.queries.ask(GetRefresh, { refreshId });
      return item;
    });
  }

  /** The release as it stands. */
  release(releaseId: ReleaseId): Promise<ReleaseView> {
    return this.found('release', releaseId, async () => {
      const { item } = await this.queries.ask(GetRelease, { releaseId });
      return item;
    });
  }

  private async found<T>(what: string, id: string, look: () => Promise<T | null>): Promise<T> {
    for (;;) {
      const item = await look();
      if (item !== null) return item;
      if (!this.fresh.has(id)) {
        throw new ProblemException({
          status: 404,
          code: `${what}.not-found`,
          detail: `There is no ${what} ${id}.`,
          todo: 'Check the id: lists show the ids there are.',
        });
      }
      await pause(LOOK_AGAIN_MS);
    }
  }
}
