import type { RunCommand } from '../host/command.js';

/** Where this host's Puppet keeps the files we read. They differ between distributions, so Puppet is asked. */
export interface PuppetSettings {
  readonly report: string;
  readonly summary: string;
  readonly runLock: string;
  readonly disabledLock: string;
  readonly clientData: string;
  readonly certname: string;
}

const KEYS = {
  report: 'lastrunreport',
  summary: 'lastrunfile',
  runLock: 'agent_catalog_run_lockfile',
  disabledLock: 'agent_disabled_lockfile',
  clientData: 'client_datadir',
  certname: 'certname',
} as const;

/**
 * Asks Puppet for its settings once and remembers the answer; a failure is asked again next time. Whoever asks while the answer is
 * still to come waits for the same one: Puppet takes seconds of a busy host's time to say it.
 */
export function settingsReader(
  puppet: string,
  run: RunCommand,
): () => Promise<PuppetSettings | string> {
  let asked: Promise<PuppetSettings | string> | undefined;
  return async () => {
    asked ??= askPuppet(puppet, run);
    const answer = await asked;
    if (typeof answer === 'string') asked = undefined;
    return answer;
  };
}

async function askPuppet(puppet: string, run: RunCommand): Promise<PuppetSettings | string> {
  const args = ['config', 'print', ...Object.values(KEYS), '--section', 'agent'];
  const { stdout, stderr, missing } = await run(puppet, args, 60_000);
  if (missing) return `${puppet} is not installed or not on the path`;
  return readSettings(stdout) ?? `puppet config print gave no paths: ${stderr.slice(0, 300)}`;
}

function readSettings(stdout: string): PuppetSettings | undefined {
  const values = new Map(
    stdout.split('\n').flatMap((line) => {
      const match = /^(\w+) = (.+)$/.exec(line);
      return match?.[1] !== undefined && match[2] !== undefined ? [[match[1], match[2]]] : [];
    }),
  );
  const paths = Object.entries(KEYS).map(([ours, theirs]) => [ours, values.get(theirs)] as const);
  if (paths.some(([, value]) => value === undefined)) return undefined;
  return Object.fromEntries(paths) as unknown as PuppetSettings;
}
