import { readFile } from 'node:fs/promises';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CONFIG, HealthChecks, Log } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import { fleetAggregate } from '../streams/fleet.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { parseFleetFile } from './fleet-file.js';

/** Looks at the fleet file again and again; a file that changed comes into force, or is refused with its problems. */
@Injectable()
export class FleetWatcher implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private seen: string | undefined;
  private problem: string | undefined = 'the fleet file was not read yet';

  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(Log) private readonly log: Log,
    @Inject(HealthChecks) health: HealthChecks,
  ) {
    health.add('fleet', () => this.problem);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.next();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.look().finally(() => this.next());
    }, this.config.GANTRY_FLEET_POLL_MS);
  }

  private async look(): Promise<void> {
    try {
      const text = await readFile(this.config.GANTRY_FLEET_FILE, 'utf8');
      if (text === this.seen) return;
      const reading = parseFleetFile(text, 'the fleet file');
      const outcome = await this.runner.run(fleetAggregate, {
        id: 'main',
        input: reading,
        cause: {},
      });
      this.seen = text;
      this.problem = undefined;
      if (outcome.outcome !== 'accepted') return;
      if (reading.ok) this.log.log('fleet file in force', { sha256: reading.sha256 });
      else
        this.log.error('fleet file refused, the last good one stays in force', {
          problems: reading.problems,
        });
    } catch (error) {
      this.problem = 'the fleet file cannot be read';
      this.log.warn('fleet file not read', { error });
    }
  }
}
