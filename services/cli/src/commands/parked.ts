import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { age } from '../output/age.js';
import { plain } from '../terminal.js';

/** Lists what services could not handle. */
export async function parked(context: Context): Promise<ExitCode> {
  const page = await context.client.attention({ includeClosed: false, limit: 500 });
  const items = page.items.filter(({ kind }) => kind === 'message-parked');
  if (context.json) printJson(context, { ...page, items });
  else if (items.length === 0) say(context, 'Nothing is parked.');
  else
    for (const { key, title, detail, openedAt } of items) {
      say(context, `${context.terminal.colors.bold(plain(key))}  ${age(openedAt)} ago`);
      say(context, `  ${plain(title)}`);
      say(context, `  ${plain(detail)}`);
    }
  return EXIT.ok;
}

/** Gives a parked message back to its queue, or takes it away. */
export async function settleParked(
  context: Context,
  action: 'replay' | 'drop',
  key: string,
  reason: string,
): Promise<ExitCode> {
  const { client, signal } = context;
  const answer = await client.settleParked(key, action, reason, { signal });
  if (context.json) printJson(context, answer);
  else if (answer.outcome === 'ignored') say(context, `Nothing to do: ${plain(answer.because)}`);
  else say(context, action === 'replay' ? 'Given back to its queue.' : 'Dropped.');
  return EXIT.ok;
}
