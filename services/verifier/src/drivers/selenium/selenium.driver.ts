import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GateSpecOf } from '@gantry/contracts';
import { isGantryError } from '@gantry/service-kit';
import type { GuardedHttp } from '../../net/guarded-http.js';
import {
  inconclusive,
  type GateContext,
  type GateDriver,
  type Outcome,
} from '../../ports/gate-driver.port.js';
import { programFile } from '../command/program-file.js';
import { outcomeOfProgram } from '../command/program.decide.js';
import { cookieOf } from '../command/process-tree.js';
import { runProgram } from '../command/run-program.js';
import { collectScreenshots } from './screenshots.js';

type Spec = GateSpecOf<'selenium'>;

const MAX_OUTPUT_BYTES = 5_000_000;

/** Where suites, browser and pictures are. */
export interface SeleniumPlaces {
  readonly commands: string | undefined;
  readonly evidence: string;
  readonly chrome: string;
  readonly chromedriver: string;
}

/** Runs a suite of browser tests: a program of the folder of commands, told what to test and where to leave pictures. */
export class SeleniumDriver implements GateDriver<'selenium'> {
  readonly resumes = false;

  constructor(
    private readonly places: SeleniumPlaces,
    private readonly http: Pick<GuardedHttp, 'checked'>,
  ) {}

  async run(spec: Spec, context: GateContext, signal: AbortSignal): Promise<Outcome> {
    try {
      const [name = '', ...args] = spec.suite;
      const file = await programFile(this.places.commands, name);
      await this.http.checked(spec.baseUrl);
      return await this.runSuite(spec, { name, file, args }, context, signal);
    } catch (error) {
      if (!isGantryError(error) || !error.code.startsWith('gate.')) throw error;
      return inconclusive(error.message, { url: spec.baseUrl });
    }
  }

  private async runSuite(
    { baseUrl, deadlineMs }: Spec,
    {
      name,
      ...program
    }: { readonly name: string; readonly file: string; readonly args: readonly string[] },
    { gateRunId, subject }: GateContext,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { evidence, chrome, chromedriver } = this.places;
    const pictures = join(evidence, gateRunId);
    await mkdir(pictures, { recursive: true });
    const env = {
      GANTRY_BASE_URL: baseUrl,
      GANTRY_EVR: subject.build.evr,
      GANTRY_SCREENSHOTS: pictures,
      SELENIUM_CHROME: chrome,
      SELENIUM_CHROMEDRIVER: chromedriver,
    };
    const limits = { deadlineMs, maxOutputBytes: MAX_OUTPUT_BYTES };
    const cookie = cookieOf(evidence, gateRunId);
    const end = await runProgram({ ...program, env, cookie, ...limits }, signal);
    const outcome = outcomeOfProgram(name, end, limits);
    const screenshots = await collectScreenshots(pictures, gateRunId);
    return { ...outcome, evidence: { ...outcome.evidence, url: baseUrl, screenshots } };
  }
}
