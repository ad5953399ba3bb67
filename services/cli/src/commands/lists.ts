import type { DeploymentFilter } from '@gantry/client';
import type { BuildView, HostView } from '@gantry/contracts';
import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { age } from '../output/age.js';
import { deploymentTable, deploymentText } from '../output/deployment-text.js';
import { table, type Cell } from '../output/table.js';
import { plain } from '../terminal.js';

/** `gantry deployments`. */
export async function deployments(context: Context, filter: DeploymentFilter): Promise<ExitCode> {
  const page = await context.client.deployments(filter);
  if (context.json) printJson(context, page);
  else say(context, deploymentTable(context.terminal, page.items));
  return EXIT.ok;
}

/** `gantry show ID`. */
export async function show(context: Context, id: string): Promise<ExitCode> {
  const view = await context.client.deployment(id);
  if (context.json) printJson(context, view);
  else say(context, deploymentText(context.terminal, view));
  return EXIT.ok;
}

/** `gantry hosts`. */
export async function hosts(context: Context): Promise<ExitCode> {
  const page = await context.client.hosts();
  const { terminal } = context;
  if (context.json) printJson(context, page);
  else
    say(
      context,
      table(
        terminal,
        ['HOST', 'ENVIRONMENT', 'INSTALLED', 'LAST RUN', 'HEARD', ''],
        page.items.map((host) => [
          host.host,
          host.environments.join(' '),
          host.installed.map(({ name, evr }) => `${name} ${evr ?? 'absent'}`).join(', '),
          host.lastRun === null ? '-' : `${host.lastRun.verdict.kind} ${age(host.lastRun.at)}`,
          heard(host),
          { colored: host.outOfService ? terminal.colors.red('out of service') : '' },
        ]),
      ),
    );
  return EXIT.ok;
}

function heard({ reachable, lastHeardAt }: HostView): string {
  if (reachable === null) return 'never';
  return reachable ? 'now' : `${age(lastHeardAt)} ago`;
}

/** `gantry builds`. */
export async function builds(
  context: Context,
  name: string | undefined,
  limit: number,
): Promise<ExitCode> {
  const page = await context.client.builds({ limit, ...(name === undefined ? {} : { name }) });
  const { terminal } = context;
  if (context.json) printJson(context, page);
  else
    say(
      context,
      table(
        terminal,
        ['PACKAGE', 'VERSION', 'ARCH', 'STATE', 'SEEN', 'FROM', 'NOTE'],
        page.items.map((build): Cell[] => [
          build.name,
          build.evr,
          build.arch,
          build.state,
          age(build.seenAt),
          originText(build.origin),
          build.note,
        ]),
      ),
    );
  return EXIT.ok;
}

/** Who made it, of which commit, and the job that tells more. */
const originText = ({ author, commit, job }: NonNullable<BuildView['origin']> = {}): string =>
  [author, commit?.slice(0, 10), job].filter((part) => part !== undefined).join(' ') || '-';

/** `gantry attention`. */
export async function attention(context: Context, includeClosed: boolean): Promise<ExitCode> {
  const page = await context.client.attention({ includeClosed });
  const { colors } = context.terminal;
  if (context.json) printJson(context, page);
  else if (page.items.length === 0) say(context, 'Nothing needs a person.');
  else
    for (const item of page.items) {
      const closed = item.closedAt === null ? '' : colors.dim(' (closed)');
      say(context, `${colors.bold(plain(item.title))}${closed}  ${age(item.openedAt)} ago`);
      if (item.detail !== '') say(context, `  ${plain(item.detail)}`);
      if (item.todo !== '') say(context, `  ${colors.yellow(plain(item.todo))}`);
    }
  return EXIT.ok;
}
