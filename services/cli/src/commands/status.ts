import type { RunningView } from '@gantry/contracts';
import { printJson, say, type Context } from '../context.js';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-codes.js';
import { age } from '../output/age.js';
import { deploymentTable } from '../output/deployment-text.js';
import { table } from '../output/table.js';

const RECENT = 50;

/** What runs where, what is under way, what needs a person. */
export async function status(context: Context): Promise<ExitCode> {
  const { client, terminal } = context;
  const [system, running, recent, attention] = await Promise.all([
    client.status(),
    client.running(),
    client.deployments({ limit: RECENT }),
    client.attention(),
  ]);
  const active = recent.items.filter((item) => exitCodeOf(item.status) === undefined);
  if (context.json) {
    printJson(context, { system, running: running.items, active, attention: attention.items });
    return EXIT.ok;
  }
  say(context, runningTable(context, running.items));
  if (active.length > 0) say(context, deploymentTable(terminal, active));
  const open = attention.items.length;
  if (open > 0) say(context, terminal.colors.yellow(`${open} to look at: gantry attention`));
  for (const { service, failing } of system.services)
    for (const { check, reason } of failing)
      say(context, terminal.colors.yellow(`${service} is not ready: ${check}: ${reason}`));
  const lag = system.audit === null ? 'not answering' : `${system.audit.lagEvents} events behind`;
  say(context, terminal.colors.dim(`broker ${system.broker}, read models ${lag}`));
  return EXIT.ok;
}

function runningTable({ terminal }: Context, items: readonly RunningView[]): string {
  if (items.length === 0) return 'Nothing is deployed yet.\n';
  return table(
    terminal,
    ['APPLICATION', 'ENVIRONMENT', 'VERSION', 'HOSTS', 'SINCE'],
    items.flatMap((item) =>
      item.versions.map(({ evr, hosts }) => [
        item.application,
        item.environment,
        evr,
        String(hosts.length),
        age(item.since),
      ]),
    ),
  );
}
