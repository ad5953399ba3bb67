import { readRelayLag } from '@gantry/event-log';
import type { Pool } from 'pg';

/** How long committed events wait to be published; any replica may ask, not only the one that publishes. */
export class RelayLagRepository {
  constructor(private readonly pool: Pool) {}

  async oldestAgeMs(): Promise<number> {
    return (await readRelayLag(this.pool)).oldestAgeMs;
  }
}

/** How long committed events wait, whoever knows it. */
export type RelayLag = Pick<RelayLagRepository, keyof RelayLagRepository>;
