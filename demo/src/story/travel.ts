import type { ReleaseView, StageView } from '@gantry/contracts';
import { LabError, waitUntil, type Traffic } from '@gantry/lab';
import { fleetYaml } from '../installation/fleet-yaml.js';
import type { Installation } from '../installation/installation.js';
import { bad, faint, good, heading, say } from '../terminal.js';
import { releaseSummary, type ReleaseSummary } from './release-summary.js';

const LONGEST_MS = 240_000;

/** Versions of the build that arrives, and of the one whose browser test fails. */
export interface TravellingBuilds {
  readonly good: string;
  readonly deadButton: string;
}

/** Builds travel by themselves: one to production, and one whose browser test fails stops where it failed. */
export async function travel(
  installation: Installation,
  traffic: Traffic,
  { good: arrives, deadButton }: TravellingBuilds,
): Promise<readonly ReleaseSummary[]> {
  const { lab } = installation;
  heading('A pipeline: certification, staging, production, with gates between them');
  await installation.writeFleetFile(fleetYaml(lab, { ...installation.fleet, pipeline: true }));
  await inForce(installation);

  heading(`Publish shop ${arrives}-1, and leave it alone`);
  traffic.allow(`${arrives}-1`);
  const first = await publish(installation, arrives, 'normal');

  heading(`Publish shop ${deadButton}-1: healthy, but its button does nothing`);
  // No customer may ever see it.
  const second = await publish(installation, deadButton, 'dead-button');
  const lines = (await installation.client.why('shop', `${deadButton}-1`)).items;
  for (const { environment, rule, detail } of lines)
    say(`why not in ${environment}: ${bad(rule)}: ${detail}`);
  return [first, second];
}

/** Publishes a build and follows its release to the end. */
async function publish(
  installation: Installation,
  version: string,
  variant: 'normal' | 'dead-button',
): Promise<ReleaseSummary> {
  const { lab, client } = installation;
  const rpm = await lab.repository.publish({ version, variant });
  const indexedAt = Date.now();
  say(`published ${rpm.nevra}`);
  const evr = `${version}-1`;
  const view = await followed(client, await setOut(client, evr));
  return releaseSummary(view, indexedAt);
}

/** The id of the build's release, once it has set out. */
async function setOut(client: Installation['client'], evr: string): Promise<string> {
  let id: string | undefined;
  await waitUntil(
    async () => {
      const { items } = await client.releases({ pipeline: 'shop' });
      id = items.find((r) => r.evr === evr)?.id;
      return id !== undefined;
    },
    { deadlineMs: LONGEST_MS, onTimeout: () => notArrived(evr, 'it did not set out') },
  );
  return id ?? '';
}

/** The release as it ended; tells what happens until then. */
async function followed(client: Installation['client'], id: string): Promise<ReleaseView> {
  const told = new Set<string>();
  let last: ReleaseView | undefined;
  const signal = AbortSignal.timeout(LONGEST_MS);
  for await (const item of client.watchRelease(id, { signal })) {
    if (item.kind !== 'view') continue;
    last = item.view;
    tell(last, told);
    if (last.status !== 'travelling') return last;
  }
  throw notArrived(id, JSON.stringify(last));
}

const notArrived = (what: string, stands: string): LabError =>
  new LabError(`${what} did not arrive`, stands, 'read the orchestrator log');

/** Tells what is new of a release, each thing once. */
function tell(view: ReleaseView, told: Set<string>): void {
  const once = (line: string): void => {
    if (told.has(line)) return;
    told.add(line);
    say(line);
  };
  if (!told.has(view.id)) say(faint(`release ${view.id}`));
  told.add(view.id);
  for (const stage of view.stages) for (const line of linesOf(stage)) once(line);
  if (view.status === 'succeeded') once(good(`${view.evr} has arrived in production`));
  else if (view.status !== 'travelling') once(bad(`${view.evr} ${view.status}: ${view.because}`));
}

function linesOf({ environment, gates, deployments, state }: StageView): readonly string[] {
  const name = environment.padEnd(13);
  return [
    ...gates.flatMap(({ gate, verdict, summary }) =>
      verdict === null
        ? []
        : [`${name}  ${verdict === 'pass' ? good(gate) : bad(gate)}  ${faint(summary)}`],
    ),
    ...deployments.map((d) =>
      d.outcome === null ? `${name}  deploying` : `${name}  deployment ${d.outcome}`,
    ),
    ...(state === 'passed' ? [good(`${name}  passed`)] : []),
  ];
}

/** The fleet file is in force once the orchestrator knows of certification. */
async function inForce({ client, lab }: Installation): Promise<void> {
  await waitUntil(
    async () =>
      (await client.why('shop', lab.baseline)).items.some((l) => l.environment === 'certification'),
    {
      deadlineMs: 30_000,
      onTimeout: async () =>
        new LabError(
          'The fleet file with the pipeline did not come into force',
          JSON.stringify((await client.attention()).items),
          'read the orchestrator log',
        ),
    },
  );
}
