import type { EventLog } from '@gantry/event-log';
import type { Log } from '@gantry/service-kit';
import type { FleetInForce } from '../../../services/orchestrator/src/fleet/fleet-in-force.js';
import type { DeploymentRequestHandler } from '../../../services/orchestrator/src/handlers/deployment-request.handler.js';
import type { StartRules } from '../../../services/orchestrator/src/holds/start-rules.js';
import type { ActiveStreams } from '../../../services/orchestrator/src/persistence/active-streams.repository.js';
import { ReleaseSight } from '../../../services/orchestrator/src/releases/release-sight.js';
import { ReleaseStart } from '../../../services/orchestrator/src/releases/release-start.js';
import { ReleaseStep } from '../../../services/orchestrator/src/releases/release-step.js';
import { ReleaseHandler } from '../../../services/orchestrator/src/releases/release.handler.js';
import { StageHold } from '../../../services/orchestrator/src/releases/stage-hold.js';
import type { StreamFolder } from '../../../services/orchestrator/src/streams/stream-folder.js';
import type { StreamRunner } from '../../../services/orchestrator/src/streams/stream-runner.js';

/** What releases stand on. */
export interface ReleaseParts {
  readonly runner: StreamRunner;
  readonly streams: StreamFolder;
  readonly fleets: FleetInForce;
  readonly requests: DeploymentRequestHandler;
  readonly events: EventLog;
  readonly active: ActiveStreams;
  readonly rules: StartRules;
  readonly log: Log;
}

/** The release code of one orchestrator. Where the fleet has no pipeline it hears of builds and ends, and does nothing. */
export function releasesOf(parts: ReleaseParts): {
  readonly handler: ReleaseHandler;
  readonly steps: ReleaseStep;
} {
  const { runner, streams, fleets, requests, rules, events, active, log } = parts;
  const holds = new StageHold(streams, rules);
  const sights = new ReleaseSight(streams, holds, events, active);
  const steps = new ReleaseStep(runner, streams, sights, requests, events);
  const handler = new ReleaseHandler(runner, fleets, new ReleaseStart(streams), steps, log);
  return { handler, steps };
}
