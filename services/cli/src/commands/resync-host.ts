import type { ListenerRole } from '@gantry/contracts';
import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { plain } from '../terminal.js';

/** Has a listener that lost its journal begin anew. */
export async function resyncHost(
  context: Context,
  asked: { readonly host: string; readonly role: ListenerRole; readonly reason: string },
): Promise<ExitCode> {
  const { host, role, reason } = asked;
  const answer = await context.client.resyncHost(host, role, reason, { signal: context.signal });
  if (context.json) printJson(context, answer);
  else if (answer.outcome === 'ignored') say(context, `Nothing to do: ${plain(answer.because)}`);
  else
    say(
      context,
      'Asked. Its attention item closes when it answers; if not within two minutes, ask again.',
    );
  return EXIT.ok;
}
