/** What one run of the agent is asked to do. */
export interface AgentRun {
  readonly runId: string;
  readonly noop: boolean;
  readonly runTimeoutMs: number;
  readonly waitForLockMs: number;
  readonly logFile: string;
}

const LOCK_POLL_S = 10;
const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/**
 * The agent's argument list, complete and closed: nothing of it comes from a command's free text.
 * Every default of Puppet that lets a run end well without having done its work is switched off here.
 */
export function agentArgv(run: AgentRun): readonly string[] {
  return [
    ...['agent', '--onetime', '--no-daemonize', '--verbose', '--detailed-exitcodes'],
    ...['--color=false', '--no-splay', run.noop ? '--noop' : '--no-noop'],
    // Puppet's default would apply yesterday's catalog when the server is away, and exit 0.
    ...['--no-usecacheonfailure', '--no-use_cached_catalog', '--strict_environment_mode'],
    // The default waits for ever for a certificate nobody signs.
    ...['--waitforcert', '0'],
    ...lockWait(run.waitForLockMs),
    ...['--runtimeout', String(seconds(run.runTimeoutMs))],
    // The id comes back in the report: the only proof that a report is this run's.
    ...['--job-id', run.runId],
    ...['--logdest', run.logFile],
  ];
}

function lockWait(ms: number): readonly string[] {
  if (ms === 0) return ['--waitforlock', '0'];
  const whole = seconds(ms);
  const poll = String(Math.min(LOCK_POLL_S, whole));
  return ['--waitforlock', poll, '--maxwaitforlock', String(whole)];
}
