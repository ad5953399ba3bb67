import type { Lab } from '@gantry/lab';
import type { FleetUnderTest } from './fleet-under-test.js';

/** The listener's own command line for the agent, but for the id and the log of its run. */
const AGENT = [
  ...['puppet', 'agent', '--onetime', '--no-daemonize', '--verbose', '--detailed-exitcodes'],
  ...['--color=false', '--no-splay', '--no-noop', '--no-usecacheonfailure'],
  ...['--no-use_cached_catalog', '--strict_environment_mode', '--waitforcert', '0'],
];

/** Runs Puppet on all hosts at once through Gantry; seconds from the request to the last verdict. */
export async function refreshAll({ installation, lab }: FleetUnderTest): Promise<number> {
  const { client } = installation;
  const hosts = lab.hosts.map(({ certname }) => certname);
  const startedAt = performance.now();
  const answer = await client.requestRefresh({
    hosts,
    reason: 'a bench',
    concurrency: hosts.length,
  });
  if (answer.id === undefined) throw new Error(`not accepted: ${JSON.stringify(answer)}`);
  for (;;) {
    const { status, progress } = await client.refresh(answer.id);
    if (status === 'completed') {
      const bad = progress.filter((host) => host.verdict?.kind !== 'converged');
      if (bad.length > 0) throw new Error(`the refresh failed: ${JSON.stringify(bad)}`);
      return (performance.now() - startedAt) / 1_000;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The same runs started by hand, all at once; seconds to the end of the last. */
export async function runByHand({ hosts }: Lab): Promise<number> {
  const startedAt = performance.now();
  const results = await Promise.all(hosts.map((host) => host.exec(AGENT)));
  const bad = results.find(({ exitCode }) => exitCode !== 0 && exitCode !== 2);
  if (bad) throw new Error(`a run by hand failed: ${bad.stdout}\n${bad.stderr}`);
  return (performance.now() - startedAt) / 1_000;
}
