import { fillGate, type Message } from '@gantry/contracts';
import { GantryError, messageOf, type Clock } from '@gantry/service-kit';
import { excerptOf } from '../drivers/excerpt.js';
import {
  inconclusive,
  type GateContext,
  type GateDriver,
  type GateDrivers,
  type Outcome,
} from '../ports/gate-driver.port.js';
import { isStopping } from '../ports/stop-reason.js';
import type { RunLedger } from './run-ledger.js';
import type { FinishedRun, RunRecord } from './run-record.js';

const MAX_SUMMARY = 1_000;

/** What was asked for. */
export type GateRequest = Message<'gate.requested'>;

/** What running a gate needs. */
export interface RunTools {
  readonly drivers: GateDrivers;
  readonly ledger: RunLedger;
  readonly clock: Clock;
  /** Ends what an earlier process left of a run. */
  readonly endLeftovers: (gateRunId: string) => Promise<void>;
  readonly started: (request: GateRequest) => Promise<void>;
  readonly unexpected: (request: GateRequest, error: unknown) => void;
}

/**
 * Runs one gate whose turn it is: writes down that it begins, or finds that an earlier process began it. What can be taken
 * up again is; a program that was running is ended, and nobody knows its verdict. Telling that it started comes before
 * anything is written: when telling fails, nothing has begun.
 */
export async function runGate(
  request: GateRequest,
  tools: RunTools,
  signal: AbortSignal,
): Promise<FinishedRun> {
  const { gateRunId } = request.data;
  const { ledger, clock } = tools;
  const known = await ledger.find(gateRunId);
  if (known?.finished !== undefined) return known.finished;
  if (known === undefined) await tools.started(request);
  const fresh: RunRecord = { beganAt: clock.now().toISOString() };
  const before = known ?? (await ledger.begin(gateRunId, fresh));
  const record = before ?? fresh;
  const driver = driverOf(request, tools.drivers);
  const outcome =
    before !== undefined && !driver.resumes
      ? await abandoned(gateRunId, tools)
      : await carryOut(request, { driver, record, tools, signal });
  const endedAt = clock.now().toISOString();
  const finished = { ...bounded(outcome), startedAt: record.beganAt, endedAt };
  await ledger.write(gateRunId, { ...record, finished });
  return finished;
}

/** Each driver takes the specs of its own kind. */
const driverOf = ({ data }: GateRequest, drivers: GateDrivers): GateDriver =>
  drivers[data.spec.kind] as GateDriver;

async function abandoned(gateRunId: string, { endLeftovers }: RunTools): Promise<Outcome> {
  await endLeftovers(gateRunId);
  return inconclusive('the verifier restarted while it ran; run the gate again');
}

interface Carrying {
  readonly driver: GateDriver;
  readonly record: RunRecord;
  readonly tools: RunTools;
  readonly signal: AbortSignal;
}

async function carryOut(
  request: GateRequest,
  { driver, record, tools, signal }: Carrying,
): Promise<Outcome> {
  const { subject, spec } = request.data;
  try {
    return await driver.run(fillGate(spec, subject), contextOf(request, record, tools), signal);
  } catch (error) {
    if (signal.aborted) return stopped(signal, driver.resumes);
    tools.unexpected(request, error);
    return inconclusive(`the gate could not be run: ${messageOf(error)}`);
  }
}

function contextOf(request: GateRequest, record: RunRecord, tools: RunTools): GateContext {
  const { gateRunId, subject } = request.data;
  return {
    gateRunId,
    subject,
    spentMs: Math.max(0, tools.clock.now().getTime() - Date.parse(record.beganAt)),
    marked: record.mark,
    mark: (mark) => tools.ledger.write(gateRunId, { ...record, mark }),
  };
}

/** What is ended from outside has no verdict; what the next process takes up again has none yet. */
export function stopped(signal: AbortSignal, resumes: boolean): Outcome {
  if (!isStopping(signal)) return inconclusive(messageOf(signal.reason));
  if (!resumes) return inconclusive('the verifier was stopped while it ran; run the gate again');
  throw new GantryError(
    'unavailable',
    'gate.stopping',
    'The verifier stops: the next one takes the gate up again.',
  );
}

function bounded({ verdict, summary, evidence }: Outcome): Outcome {
  return { verdict, summary: excerptOf(summary.slice(0, MAX_SUMMARY)), evidence };
}
