/** What the run's own log says of how it went; evidence for a verdict, never the verdict. */
export interface LogEvidence {
  readonly busy: boolean;
  readonly waitedForLock: boolean;
  readonly disabled: string | undefined;
  readonly certificate: string | undefined;
  readonly terminated: boolean;
  readonly timedOut: boolean;
  /** The catalog was being applied: from here on the host may have changed. */
  readonly applying: boolean;
  readonly serverUnreachable: string | undefined;
  readonly catalogFailed: string | undefined;
  /** The last thing Puppet itself called an error. */
  readonly lastError: string | undefined;
}

/** One line of the run's log. */
export interface LogLine {
  readonly at: string;
  readonly level: string;
  readonly source: string;
  readonly message: string;
}

const BUSY =
  /Run of .* already in progress; skipping|Exiting now because the maxwaitforlock timeout has been exceeded/;
const WAITING = /--waitforlock flag used, waiting for running instance/;
const DISABLED = /administratively disabled \(Reason: '([^]*?)'\)/;
const CERTIFICATE =
  /Couldn't fetch certificate from CA server|does not match its private key|waitforcert setting is set to 0|certificate revoked|sslv3 alert|tlsv1 alert|certificate verify failed|CRL has expired/i;
const TERMINATED = /Caught (?:TERM|INT|HUP|QUIT); |SIGTERM|Shutdown\/restart in progress/;
const TIMED_OUT = /did not complete within \d+ seconds and was terminated/;
const APPLYING = /^Applying configuration version/;
const UNREACHABLE =
  /Failed to open TCP connection|Connection refused|getaddrinfo|No route to host|Could not connect|execution expired|timed out|Error 50[234] on SERVER|Connection reset|end of file reached/i;
const CATALOG =
  /Error (?:400|404|500) on SERVER|Could not retrieve catalog from remote server|Evaluation Error|Could not run: |doesn't match server specified environment|Failed to apply catalog/;

const ERRORS: ReadonlySet<string> = new Set(['err', 'alert', 'emerg', 'crit']);

/** Reads the evidence out of the log lines and whatever the agent printed beside them. */
export function evidenceOf(lines: readonly LogLine[], printed: string): LogEvidence {
  // Only Puppet's own lines: a resource's message may quote anything.
  const own = lines.filter((line) => line.source === 'Puppet');
  const all = [...own.map((line) => line.message), printed];
  const first = (pattern: RegExp): string | undefined => all.find((text) => pattern.test(text));
  const has = (pattern: RegExp): boolean => first(pattern) !== undefined;
  const errors = lines.filter((line) => ERRORS.has(line.level) && line.source !== 'Facter');
  const errorLike = (pattern: RegExp): string | undefined =>
    errors.find((line) => pattern.test(line.message))?.message;
  return {
    busy: has(BUSY),
    waitedForLock: has(WAITING),
    disabled: all.map((text) => DISABLED.exec(text)?.[1]).find((reason) => reason !== undefined),
    certificate: first(CERTIFICATE),
    terminated: has(TERMINATED),
    timedOut: has(TIMED_OUT),
    applying: own.some((line) => APPLYING.test(line.message)),
    serverUnreachable: errorLike(UNREACHABLE),
    catalogFailed: errorLike(CATALOG),
    lastError: errors.at(-1)?.message,
  };
}
