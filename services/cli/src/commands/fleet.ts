import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { age } from '../output/age.js';
import { plain } from '../terminal.js';
import { tellAnswer } from './tell-answer.js';

/** Shows the fleet change that is held: what it would take away, and how to accept it. */
export async function fleetChange(context: Context): Promise<ExitCode> {
  const page = await context.client.attention({ includeClosed: false, limit: 500 });
  const items = page.items.filter(({ kind }) => kind === 'fleet-change-held');
  if (context.json) printJson(context, { ...page, items });
  else if (items.length === 0) say(context, 'No fleet change is held.');
  else
    for (const { title, detail, todo, openedAt } of items) {
      say(context, `${context.terminal.colors.bold(plain(title))}  ${age(openedAt)} ago`);
      for (const line of detail.split('\n')) say(context, `  ${plain(line)}`);
      say(context, plain(todo));
    }
  return EXIT.ok;
}

/** Lets the change with this hash come into force. */
export async function acceptFleetChange(
  context: Context,
  sha256: string,
  reason: string,
): Promise<ExitCode> {
  const { client, signal } = context;
  const answer = await client.acceptFleetChange(sha256, reason, { signal });
  return tellAnswer(context, answer, 'Accepted. It is in force.');
}
