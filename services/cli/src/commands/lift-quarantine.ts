import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { plain } from '../terminal.js';

/** Allows a quarantined build again. */
export async function liftQuarantine(
  context: Context,
  name: string,
  evr: string,
  reason: string,
): Promise<ExitCode> {
  const { client, signal } = context;
  const answer = await client.liftQuarantine(name, evr, reason, { signal });
  if (context.json) printJson(context, answer);
  else
    say(
      context,
      answer.outcome === 'accepted'
        ? `${name} ${evr} may be deployed again.`
        : `Nothing to do: ${plain(answer.because)}`,
    );
  return EXIT.ok;
}
