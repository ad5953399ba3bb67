import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { FleetReading } from '@gantry/domain';
import { CONFIG, HealthChecks, Log, Repeated } from '@gantry/service-kit';
import type { OrchestratorConfig } from '../config.js';
import { fleetAggregate } from '../streams/fleet.aggregate.js';
import { StreamFolder } from '../streams/stream-folder.js';
import { StreamRunner } from '../streams/stream-runner.js';
import { parseFleetFile } from './fleet-file.js';

/** Looks at the fleet file again and again; a file that changed comes into force, is held for a person to accept, or is refused with its problems. */
@Injectable()
export class FleetWatcher extends Repeated {
  private seen: string | undefined;
  private problem: string | undefined = 'the fleet file was not read yet';

  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(StreamRunner) private readonly runner: StreamRunner,
    @Inject(StreamFolder) private readonly streams: StreamFolder,
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
    const { GANTRY_FLEET_FILE: source, GANTRY_FLEET_MAX_REMOVED_PERCENT: maxRemovedPercent } =
      this.config;
    const text = await readFile(source, 'utf8');
    if (text === this.seen) return;
    const reading = parseFleetFile(text, 'the fleet file');
    const outcome = await this.runner.run(fleetAggregate, {
      id: 'main',
      input: { type: 'fleet.read', reading, source, maxRemovedPercent },
      cause: {},
    });
    this.seen = text;
    if (outcome.outcome === 'accepted') await this.tell(reading);
  }

  private async tell(reading: FleetReading): Promise<void> {
    const { sha256 } = reading;
    if (!reading.ok) {
      const { problems } = reading;
      this.log.error('fleet file refused, the last good one stays in force', { problems });
      return;
    }
    const { held } = (await this.streams.latest(fleetAggregate, 'main')).state;
    if (held?.sha256 === sha256)
      this.log.warn('fleet change held until a person accepts it', { sha256 });
    else this.log.log('fleet file in force', { sha256 });
  }
}
