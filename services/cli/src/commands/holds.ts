import type { HoldRequest } from '@gantry/client';
import type { HoldView } from '@gantry/contracts';
import { CliError } from '../cli-error.js';
import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { age } from '../output/age.js';
import { table } from '../output/table.js';
import { tellAnswer } from './tell-answer.js';

/** What a hold is laid on, as options say it. */
export interface ScopeOptions {
  readonly environment?: string;
  readonly application?: string;
  readonly pool?: string;
}

/** `gantry holds`. */
export async function holds(context: Context, includeEnded: boolean): Promise<ExitCode> {
  const page = await context.client.holds({ includeEnded });
  if (context.json) printJson(context, page);
  else if (page.items.length === 0) say(context, 'Nothing is held back.');
  else
    say(
      context,
      table(
        context.terminal,
        ['HOLD', 'KIND', 'ON', 'BY', 'REASON', 'UNTIL', 'AGE'],
        page.items.map((h) => [
          h.id,
          h.rule.kind === 'pin' ? `pin ${h.rule.version}` : h.rule.kind,
          scopeText(h.scope),
          h.owner,
          h.reason,
          h.ended === '' ? (h.until ?? 'it is lifted') : h.ended,
          age(h.placedAt),
        ]),
      ),
    );
  return EXIT.ok;
}

function scopeText(scope: HoldView['scope']): string {
  switch (scope.over) {
    case 'all':
      return 'everything';
    case 'environment':
      return scope.environment;
    case 'application':
      return scope.application;
    case 'application-in-environment':
      return `${scope.application} in ${scope.environment}`;
    case 'pool':
      return `pool ${scope.pool}`;
  }
}

/** `gantry hold KIND`. */
export async function placeHold(
  context: Context,
  kind: string,
  on: ScopeOptions & { readonly version?: string },
  said: Pick<HoldRequest, 'reason' | 'until'>,
): Promise<ExitCode> {
  const request = { ...said, rule: ruleOf(kind, on.version), scope: scopeOf(on) };
  const answer = await context.client.placeHold(request, { signal: context.signal });
  const id = answer.outcome === 'accepted' ? (answer.id ?? '') : '';
  return tellAnswer(context, answer, `It binds until it is lifted: gantry lift ${id} --reason ...`);
}

function ruleOf(kind: string, version: string | undefined): HoldRequest['rule'] {
  switch (kind) {
    case 'lock':
    case 'freeze':
    case 'stop-the-line':
      return { kind };
    case 'pin':
      if (version === undefined)
        throw new CliError(EXIT.invalid, 'A pin wants the version that stays: --keep 1.4.');
      return { kind, version };
    default:
      throw new CliError(
        EXIT.invalid,
        `hold knows lock, freeze, pin and stop-the-line, not ${kind}.`,
      );
  }
}

/** Nothing named is everything: that is what stopping the line is for. */
function scopeOf({ environment, application, pool }: ScopeOptions): HoldRequest['scope'] {
  if (pool !== undefined) return { over: 'pool', pool };
  if (environment !== undefined && application !== undefined)
    return { over: 'application-in-environment', application, environment };
  if (environment !== undefined) return { over: 'environment', environment };
  if (application !== undefined) return { over: 'application', application };
  return { over: 'all' };
}

/** `gantry lift ID`. */
export async function liftHold(context: Context, id: string, reason: string): Promise<ExitCode> {
  const answer = await context.client.liftHold(id, reason, { signal: context.signal });
  return tellAnswer(context, answer, 'It binds nobody any more.');
}
