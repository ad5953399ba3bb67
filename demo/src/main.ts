import { startLab, type Lab, type Progress } from '@gantry/lab';
import { Installation } from './installation/installation.js';
import { LISTENER_FOLDER } from './installation/listeners.js';
import { removeServerFile, writeServerFile } from './server-file.js';
import { play } from './story/play.js';
import { bad, good, heading, say } from './terminal.js';

const exitAfter = process.argv.includes('--exit');
const abort = new AbortController();
const interrupted = new Promise<void>((resolve) =>
  abort.signal.addEventListener('abort', () => resolve()),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!abort.signal.aborted) say('stopping: everything that was started is taken down again');
    abort.abort();
  });
}

const tell = ({ phase, detail, done, ms }: Progress): void =>
  say(
    done
      ? `${good('ready')}  ${phase} (${(ms / 1_000).toFixed(1)} s)`
      : `start  ${phase}: ${detail}`,
  );

process.exitCode = await run();

async function run(): Promise<number> {
  const startedAt = Date.now();
  let lab: Lab | undefined;
  try {
    heading(
      'A data centre in a box: Postgres, ActiveMQ, HAProxy, an RPM repository, a Puppet server and 4 hosts',
    );
    lab = await startLab({
      hosts: 4,
      readOnly: [LISTENER_FOLDER],
      onProgress: tell,
      signal: abort.signal,
    });
    heading('Gantry: every service a process of its own, a listener on every host');
    const installation = await Installation.start(lab);
    await writeServerFile(installation.url);
    const setupMs = Date.now() - startedAt;
    say(`${good('ready')}  ${installation.url} after ${(setupMs / 1_000).toFixed(1)} s`);
    const summary = await Promise.race([play(installation, setupMs), interrupted]);
    if (summary === undefined) return 130;
    if (!exitAfter) await stay(installation);
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return summary.ok ? 0 : 1;
  } catch (error) {
    if (abort.signal.aborted) return 130;
    say(bad(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    return 1;
  } finally {
    await removeServerFile();
    await lab?.stop();
  }
}

async function stay(installation: Installation): Promise<void> {
  heading('It stays up. Try it by hand, in another terminal:');
  say(`page      ${installation.url}/`);
  say(`shop      ${installation.lab.haproxy.url('shop')}/version`);
  say('deploy    ./gantry deploy shop 1.0.0-1 --to production --accept downgrade --wait');
  say('look      ./gantry status | deployments | hosts | attention');
  say('refresh   ./gantry refresh web1.lab --noop --wait');
  say('end       Ctrl-C');
  await interrupted;
}
