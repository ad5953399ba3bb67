import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, HealthChecks, Log, Repeated } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import { fleetAggregate } from '../streams/fleet.aggregate.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { parseFleetFile } from './fleet-file.js';

/** Looks at the fleet file again and again; a file that changed comes into force, or is refused with its problems. */
@Injectable()
export class FleetWatcher extends Repeated {
  private seen: string | undefined;
  private problem: string | undefined = 'the fleet file was not read yet';

  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(Log) log: Log,
    @Inject(HealthChecks) health: HealthChecks,
  ) {
    super(log, { everyMs: config.GANTRY_FLEET_POLL_MS, failure: 'fleet file not read' });
    health.add('fleet', () => this.problem);
  }

  override async onApplicationBootstrap(): Promise<void> {
    await this.now();
    this.next();
  }

  protected async once(): Promise<void> {
    try {
      await this.read();
      this.problem = undefined;
    } catch (error) {
      this.problem = 'the fleet file cannot be read';
      throw error;
    }
  }

  private async read(): Promise<void> {
    const text = await readFile(this.config.GANTRY_FLEET_FILE, 'utf8');
    if (text === this.seen) return;
    const reading = parseFleetFile(text, 'the fleet file');
    const outcome = await this.runner.run(fleetAggregate, {
      id: 'main',
      input: reading,
      cause: {},
    });
    this.seen = text;
    if (outcome.outcome !== 'accepted') return;
    if (reading.ok) this.log.log('fleet file in force', { sha256: reading.sha256 });
    else
      this.log.error('fleet file refused, the last good one stays in force', {
        problems: reading.problems,
      });
  }
}
