import pc from 'picocolors';

/** Where output goes. */
export interface Terminal {
  readonly isTty: boolean;
  readonly columns: number;
  readonly colors: ReturnType<typeof pc.createColors>;
  /** Writes to standard output, as it is. */
  out(text: string): void;
  /** Writes to standard error, as it is. */
  err(text: string): void;
  /** Asks a person; false where there is none. */
  confirm(question: string): Promise<boolean>;
}

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Text from elsewhere (reasons, Puppet's lines, health answers) made safe to print: no terminal escapes, one line. */
export function plain(text: string): string {
  return text.replace(UNPRINTABLE, ' ');
}
