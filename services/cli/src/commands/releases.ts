import type { ReleaseRequest } from '@gantry/client';
import { CliError } from '../cli-error.js';
import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { releaseTable, releaseText, whyTable } from '../output/release-text.js';
import { waitForRelease } from '../wait/wait-for-release.js';
import { tellAnswer } from './tell-answer.js';

/** `gantry releases`. */
export async function releases(
  context: Context,
  filter: { readonly pipeline?: string; readonly limit: number },
): Promise<ExitCode> {
  const page = await context.client.releases(filter);
  if (context.json) printJson(context, page);
  else say(context, releaseTable(context.terminal, page.items));
  return EXIT.ok;
}

/** How a release is looked at. */
export interface ReleaseOptions {
  readonly wait?: boolean;
  readonly timeout?: number;
}

/** `gantry release ID`; with --wait followed to its end. */
export async function release(
  context: Context,
  id: string,
  { wait, timeout }: ReleaseOptions = {},
): Promise<ExitCode> {
  if (wait === true) return followed(context, id, timeout);
  const view = await context.client.release(id);
  if (context.json) printJson(context, view);
  else say(context, releaseText(context.terminal, view));
  return EXIT.ok;
}

async function followed(
  context: Context,
  id: string,
  timeout: number | undefined,
): Promise<ExitCode> {
  const { exitCode, view } = await waitForRelease(context, id, timeout);
  if (context.json) printJson(context, { id, status: view.status, exitCode, release: view });
  return exitCode;
}

/** `gantry why APPLICATION EVR`. */
export async function why(
  context: Context,
  application: string,
  evr: string,
  environment: string | undefined,
): Promise<ExitCode> {
  const page = await context.client.why(application, evr);
  const items = page.items.filter(
    (l) => environment === undefined || l.environment === environment,
  );
  if (context.json) printJson(context, { ...page, items });
  else say(context, whyTable(context.terminal, items));
  return EXIT.ok;
}

/** `gantry release-start PIPELINE EVR`; with --wait seen through. */
export async function startRelease(
  context: Context,
  request: ReleaseRequest,
  { wait, timeout }: ReleaseOptions = {},
): Promise<ExitCode> {
  const answer = await context.client.startRelease(request, { signal: context.signal });
  const id = answer.outcome === 'accepted' ? (answer.id ?? '') : '';
  if (wait === true && id !== '') return followed(context, id, timeout);
  return tellAnswer(context, answer, `It is on its way: gantry release ${id}`);
}

/** `gantry release-stop|pause|resume ID`. */
export async function actOnRelease(
  context: Context,
  action: 'stop' | 'pause' | 'resume',
  id: string,
  said: { readonly reason: string; readonly how?: 'again' | 'accept' },
): Promise<ExitCode> {
  const answer = await context.client.actOnRelease(id, action, said, { signal: context.signal });
  return tellAnswer(context, answer, DONE[action]);
}

const DONE = {
  stop: 'It goes no further. A deployment that runs goes on to its end.',
  pause: 'It waits where it stands.',
  resume: 'It goes on.',
} as const;

/** `gantry release-answer ID GATE pass|fail`. */
export async function answerGate(
  context: Context,
  id: string,
  gate: string,
  said: { readonly verdict: string; readonly reason: string },
): Promise<ExitCode> {
  const { verdict, reason } = said;
  if (verdict !== 'pass' && verdict !== 'fail')
    throw new CliError(EXIT.invalid, `A gate is answered with pass or fail, not ${verdict}.`);
  const { client, signal } = context;
  const answer = await client.answerGate(id, gate, { verdict, reason }, { signal });
  return tellAnswer(context, answer, `The gate ${gate} is answered: ${verdict}.`);
}
