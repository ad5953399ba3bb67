import { ProblemError, type CommandAnswer } from '@gantry/client';
import type { Finding } from '@gantry/contracts';
import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { acceptableCodes, findingLines } from '../output/findings.js';
import { plain } from '../terminal.js';
import { waitForDeployment, type WaitOptions } from '../wait/wait-for-deployment.js';

/** What `gantry deploy` was told. */
export interface DeployOptions extends WaitOptions {
  readonly to: string;
  readonly reason: string;
  readonly accept?: readonly string[];
  readonly yes?: boolean;
  readonly confirm?: string;
  readonly wait?: boolean;
}

interface Wanted extends DeployOptions {
  readonly application: string;
  readonly evr: string;
}

/** Asks for a deployment and, with --wait, sees it through. */
export async function deploy(context: Context, wanted: Wanted): Promise<ExitCode> {
  const answer = await request(context, wanted, wanted.accept ?? []);
  if (wanted.wait === true && answer.id !== undefined && (await exists(context, answer)))
    return seeThrough(context, wanted, answer.id, wanted.accept ?? []);
  if (context.json) printJson(context, answer);
  else tell(context, answer);
  // Nothing was made that could succeed; without --wait that is an answer like any other.
  return wanted.wait === true ? EXIT.refused : EXIT.ok;
}

/** An ignored request may be the repeat of one that was heard (its answer was lost), or have made nothing. */
async function exists({ client }: Context, { outcome, id = '' }: CommandAnswer): Promise<boolean> {
  if (outcome === 'accepted') return true;
  try {
    await client.deployment(id);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return false;
    throw error;
  }
}

/** A refusal that only wants something read and accepted is put to the person once. */
async function request(
  context: Context,
  wanted: Wanted,
  accept: readonly string[],
): Promise<CommandAnswer> {
  const { application, evr, to, reason, confirm } = wanted;
  try {
    return await context.client.requestDeployment(
      {
        application,
        evr,
        environment: to,
        reason,
        accept,
        ...(confirm === undefined ? {} : { confirmEnvironment: confirm }),
      },
      { signal: context.signal },
    );
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const more = await accepted(context, wanted, error.problem.findings, accept);
    if (more.length === 0) throw error;
    return request(context, wanted, [...accept, ...more]);
  }
}

/** The planner finds things only once it has asked the hosts: then the deployment ends refused, and may be asked for again. */
async function seeThrough(
  context: Context,
  wanted: Wanted,
  id: string,
  accept: readonly string[],
): Promise<ExitCode> {
  if (!context.json) say(context, `Deployment ${id}`);
  const { exitCode, view } = await waitForDeployment(context, id, wanted);
  if (view.status === 'refused') {
    const more = await accepted(context, wanted, view.findings, accept);
    const all = [...accept, ...more];
    const again = more.length === 0 ? undefined : await request(context, wanted, all);
    if (again?.id !== undefined) return seeThrough(context, wanted, again.id, all);
  }
  if (context.json) printJson(context, { id, status: view.status, exitCode, deployment: view });
  return exitCode;
}

/** Codes that are accepted beyond those that were: by --yes, or by the person who is asked. */
async function accepted(
  context: Context,
  { yes }: Wanted,
  findings: readonly Finding[],
  already: readonly string[],
): Promise<string[]> {
  const codes = acceptableCodes(findings).filter((code) => !already.includes(code));
  if (codes.length === 0 || yes === true) return codes;
  if (context.json) return [];
  for (const line of findingLines(context.terminal, findings)) context.terminal.err(`${line}\n`);
  return (await context.terminal.confirm(`Deploy all the same?`)) ? codes : [];
}

function tell(context: Context, answer: CommandAnswer): void {
  if (answer.outcome === 'ignored') say(context, `Nothing to do: ${plain(answer.because)}`);
  if (answer.outcome === 'ignored' || answer.id === undefined) return;
  say(context, `Deployment ${answer.id}`);
  say(context, `Follow it with: gantry watch ${answer.id}`);
}
