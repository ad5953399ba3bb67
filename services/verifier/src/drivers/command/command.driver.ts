import type { GateSpecOf } from '@gantry/contracts';
import { isGantryError } from '@gantry/service-kit';
import {
  inconclusive,
  type GateContext,
  type GateDriver,
  type Outcome,
} from '../../ports/gate-driver.port.js';
import { programFile, workingFolder } from './program-file.js';
import { cookieOf } from './process-tree.js';
import { outcomeOfProgram } from './program.decide.js';
import { refusedVariables } from './refused-variables.js';
import { runProgram } from './run-program.js';

type Spec = GateSpecOf<'command'>;

/** Runs a program of the folder of commands. */
export class CommandDriver implements GateDriver<'command'> {
  readonly resumes = false;

  constructor(
    private readonly folder: string | undefined,
    private readonly evidence: string,
  ) {}

  async run(spec: Spec, { gateRunId }: GateContext, signal: AbortSignal): Promise<Outcome> {
    const refused = refusedVariables(spec.env ?? {});
    if (refused.length > 0)
      return inconclusive(`a gate may not set ${refused.join(', ')}: take it out of env`);
    try {
      const [name = '', ...args] = spec.command;
      const file = await programFile(this.folder, name);
      const cwd = spec.cwd === undefined ? undefined : await workingFolder(this.folder, spec.cwd);
      const { env = {}, deadlineMs, maxOutputBytes } = spec;
      const cookie = cookieOf(this.evidence, gateRunId);
      const program = { file, args, env, cwd, cookie, deadlineMs, maxOutputBytes };
      return outcomeOfProgram(name, await runProgram(program, signal), spec);
    } catch (error) {
      if (isGantryError(error) && error.code === 'gate.program-refused')
        return inconclusive(error.message);
      throw error;
    }
  }
}
