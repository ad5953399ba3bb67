import type { DeploymentView } from '@gantry/contracts';
import {
  LabError,
  SHOP_POOL,
  startTraffic,
  waitUntil,
  InServiceWatch,
  type FleetHost,
  type Traffic,
} from '@gantry/lab';
import type { Installation } from '../installation/installation.js';
import { bad, good, heading, say } from '../terminal.js';
import { summaryOf, type Summary } from './summary.js';
import { travel, type TravellingBuilds } from './travel.js';
import { followUntil } from './watch.js';

const ENDED = [
  'succeeded',
  'succeeded-with-failures',
  'failed',
  'refused',
  'cancelled',
  'rolled-back',
  'rollback-failed',
  'paused',
];

/**
 * The job: 1.1.0 rolls out under traffic; a broken 1.2.0 stops at its canary; rolling back brings everything to 1.1.0. Builds that
 * are given travel through the pipeline then.
 */
export async function play(
  installation: Installation,
  setupMs: number,
  builds?: TravellingBuilds,
): Promise<Summary> {
  const { lab } = installation;
  const traffic = startTraffic({ url: lab.haproxy.url(SHOP_POOL), versions: [lab.baseline] });
  const watch = new InServiceWatch(lab.haproxy.socketPath, SHOP_POOL);
  try {
    const views = await deployments(installation, traffic);
    const releases = builds === undefined ? [] : await travel(installation, traffic, builds);
    if (builds !== undefined) traffic.disallow('1.1.0-1');
    await nextAnswers(traffic, 40);
    const report = await traffic.stop();
    for (const { at, client, problem } of report.problems)
      say(bad(`traffic problem at ${at} (${client}): ${problem}`));
    const installed: Record<string, string | null> = {};
    for (const host of [...lab.hosts, ...lab.apart])
      installed[host.certname] = (await host.installedVersion('shop')) ?? null;
    const { requests, failed, wrong } = report;
    const summary = {
      deployments: views.map(summaryOf),
      releases,
      traffic: { requests, failed, wrong },
      minInServiceSeen: watch.lowest,
      installed,
      setupMs,
    };
    return { ok: isWell(summary, lab.hosts, builds), ...summary };
  } finally {
    await watch.stop();
    await traffic.stop();
  }
}

/** Everything went as told, and no customer noticed. */
function isWell(
  { deployments: shipped, releases, traffic, minInServiceSeen, installed }: Omit<Summary, 'ok'>,
  hosts: readonly FleetHost[],
  builds: TravellingBuilds | undefined,
): boolean {
  const ends = builds === undefined ? '' : 'succeeded,failed';
  return (
    shipped.map((d) => d.state).join() === 'succeeded,rolled-back' &&
    releases.map((r) => r.state).join() === ends &&
    traffic.failed === 0 &&
    traffic.wrong === 0 &&
    traffic.requests > 0 &&
    minInServiceSeen >= hosts.length - 1 &&
    hosts.every((host) => installed[host.certname] === `${builds?.good ?? '1.1.0'}-1`)
  );
}

async function deployments(
  installation: Installation,
  traffic: Traffic,
): Promise<readonly DeploymentView[]> {
  const { lab, client } = installation;
  heading('Deploy shop 1.1.0-1: canary first, then one host after the other');
  await publish(installation, '1.1.0', 'normal');
  traffic.allow('1.1.0-1');
  const first = await deploy(installation, '1.1.0-1');
  await followUntil(client, first, ENDED);
  traffic.disallow(lab.baseline);

  heading('Deploy shop 1.2.0-1, whose health check fails');
  await publish(installation, '1.2.0', 'broken');
  // Nobody may ever see the broken build: its version stays a wrong answer for the traffic client.
  const second = await deploy(installation, '1.2.0-1');
  const { position } = await followUntil(client, second, ENDED);
  const { items } = await client.attention();
  for (const item of items) say(`attention: ${bad(item.title)}: ${item.todo}`);
  if (!items.some((i) => i.host !== null))
    throw new LabError(
      'No attention item names the failed host',
      JSON.stringify(items),
      'look at the audit log',
    );

  heading('Roll back');
  await client.actOnDeployment(second, 'rollback', 'the health check failed');
  await followUntil(
    client,
    second,
    ENDED.filter((s) => s !== 'paused'),
    position,
  );
  const open = (await client.attention()).items;
  say(
    open.length === 0
      ? good('no attention item is open any more')
      : bad(`still open: ${open.map((i) => i.title).join('; ')}`),
  );
  return Promise.all([client.deployment(first), client.deployment(second)]);
}

async function deploy({ client }: Installation, evr: string): Promise<string> {
  const answer = await client.requestDeployment({
    application: 'shop',
    environment: 'production',
    evr,
    reason: 'the demo',
  });
  if (answer.outcome !== 'accepted' || answer.id === undefined)
    throw new LabError(
      `shop ${evr} was not accepted`,
      JSON.stringify(answer),
      'read the orchestrator log',
    );
  say(`deployment ${answer.id}`);
  return answer.id;
}

/** Publishes a build and waits until build-watcher has seen it. */
async function publish(
  { lab, client }: Installation,
  version: string,
  variant: 'normal' | 'broken',
): Promise<void> {
  const rpm = await lab.repository.publish({ version, variant });
  say(`published ${rpm.nevra}`);
  await waitUntil(
    async () => (await client.builds({ name: 'shop' })).items.some((b) => b.evr === `${version}-1`),
    {
      deadlineMs: 30_000,
      onTimeout: () =>
        new LabError(
          `shop ${version}-1 was not seen`,
          'build-watcher announced nothing for 30 s',
          'read its log',
        ),
    },
  );
}

/** Waits until the clients have had this many more answers: the end must be seen by traffic too. */
async function nextAnswers(traffic: Traffic, count: number): Promise<void> {
  const before = traffic.report().requests;
  await waitUntil(() => traffic.report().requests >= before + count, {
    deadlineMs: 30_000,
    onTimeout: () => new LabError('The traffic stopped', 'no answers for 30 s', 'look at HAProxy'),
  });
}
