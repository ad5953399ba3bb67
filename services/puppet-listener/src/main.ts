import { AgentRole } from './agent/agent-role.js';
import { readConfig, type Config } from './config.js';
import { armCrashPoint } from './host/crash-point.js';
import { log } from './host/log.js';
import { ConfigError, ownedFolder } from './host/owned-folder.js';
import { takeHostLock } from './host/host-lock.js';
import { resyncJournal } from './journal/open-journal.js';
import { LISTENER_VERSION } from './version.js';

const EXIT_CONFIG = 78;

/** `listener` serves; `listener resync` begins a lost journal anew; `listener version` names it. */
async function main(argument: string | undefined): Promise<void> {
  if (argument === 'version') {
    process.stdout.write(`${LISTENER_VERSION}\n`);
    return;
  }
  armCrashPoint(process.env);
  const config = readConfig(process.env);
  if (argument === 'resync') resync(config);
  else await serve(config);
}

async function serve(config: Config): Promise<void> {
  const role = await start(config);
  const stop = (): void => {
    void role.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

async function start(config: Config): Promise<{ stop(): Promise<void> }> {
  if (config.role === 'agent') return AgentRole.start(config);
  const { PublisherRole } = await import('./publisher/publisher-role.js');
  return PublisherRole.start(config);
}

function resync(config: Config): void {
  ownedFolder(config.stateDir);
  ownedFolder(config.lockDir);
  const release = takeHostLock(config.lockDir, `${config.role}.${config.certname}`);
  const { journal, aside } = resyncJournal(config.stateDir, new Date());
  journal.close();
  release();
  if (journal.trouble !== undefined) throw new ConfigError(journal.trouble.detail);
  log('info', 'the journal was begun anew; commands issued before now will be refused', { aside });
}

process.on('unhandledRejection', (error) => {
  log('error', 'unhandled rejection', { reason: String(error) });
  process.exit(1);
});

main(process.argv[2]).catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  log('error', 'cannot start', { reason });
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
});
