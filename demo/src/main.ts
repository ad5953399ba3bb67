import { startLab, type Lab } from '@gantry/lab';
import { Installation } from './installation/installation.js';
import { LISTENER_FOLDER } from './installation/listeners.js';
import { keepRunning } from './keep-running.js';
import { Interrupt } from './interrupt.js';
import { removeServerFile, writeServerFile } from './server-file.js';
import { play } from './story/play.js';
import { inWords, type Summary } from './story/summary.js';
import { bad, good, heading, say, tellProgress } from './terminal.js';

const HOSTS = 4;
const BUILDS = { good: '1.3.0', deadButton: '1.4.0' };
const exitAfter = process.argv.includes('--exit');
const interrupt = new Interrupt();

// Explicitly: what was interrupted half-way may still hold a timer or a connection open.
process.exit(await run());

async function run(): Promise<number> {
  const startedAt = Date.now();
  let lab: Lab | undefined;
  try {
    heading(
      `A data centre in a box: Postgres, ActiveMQ, HAProxy, an RPM repository, a Puppet server and ${HOSTS + 2} hosts`,
    );
    lab = await startLab({
      hosts: HOSTS,
      apart: ['cert1', 'stage1'],
      readOnly: [LISTENER_FOLDER],
      onProgress: tellProgress,
      signal: interrupt.signal,
    });
    const installation = await interrupt.or(install(lab));
    if (installation === undefined) return Interrupt.EXIT_CODE;
    const summary = await interrupt.or(play(installation, Date.now() - startedAt, BUILDS));
    if (summary === undefined) return Interrupt.EXIT_CODE;
    tell(summary);
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    if (!exitAfter) await stay(installation);
    return summary.ok ? 0 : 1;
  } catch (error) {
    if (interrupt.signal.aborted) return Interrupt.EXIT_CODE;
    say(bad(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    return 1;
  } finally {
    await removeServerFile();
    await lab?.stop();
    say('everything is taken down again');
  }
}

async function install(lab: Lab): Promise<Installation> {
  heading('Gantry: every service a process of its own, a listener on every host');
  const installation = await Installation.start(lab);
  await writeServerFile(installation.url);
  say(`${good('ready')}  ${installation.url}`);
  return installation;
}

function tell(summary: Summary): void {
  heading(summary.ok ? good('Everything held') : bad('Not everything held'));
  for (const line of inWords(summary)) say(line);
}

async function stay(installation: Installation): Promise<void> {
  heading('It stays up. Try it by hand, in another terminal:');
  say(`page      ${installation.url}/`);
  say(`shop      ${installation.lab.haproxy.url('shop')}/version`);
  say('deploy    ./gantry deploy shop 1.0.0-1 --to production --accept downgrade --wait');
  say('look      ./gantry status | deployments | releases | hosts | attention');
  say('why       ./gantry why shop 1.4.0-1');
  say(`refresh   ./gantry refresh ${installation.lab.hosts[0]?.certname ?? 'HOST'} --noop --wait`);
  say('end       Ctrl-C');
  say('break it  kill -9 any of its processes while it deploys: it is started again');
  await keepRunning(installation, interrupt.signal);
}
