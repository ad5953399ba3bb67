/* eslint-disable no-control-regex -- control characters are what this file is about */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-_])/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/* eslint-enable no-control-regex */
/** Characters that turn the direction of text around or are not seen: a line must look like what it says. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const SECRETS =
  /\b((?:[\w-]*)(?:password|passwd|passcode|secret|token|api[_-]?key|private[_-]?key)[\w-]*)(["']?\s*(?:=>|[=:])\s*)(?:"[^"\n]*"|'[^'\n]*'|[^\s,;]+)/gi;
const KEY_BLOCK = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** Text of another program made fit to be shown: no terminal escapes, no hidden characters, no plain secret, not too long. */
export function cleanText(text: string, max: number): string {
  // Cut first: what is thrown away need not be cleaned, and a line may be very long.
  const clean = text
    .slice(0, max * 4)
    .replace(ESCAPES, '')
    .replace(CONTROLS, '')
    .replace(INVISIBLE, '')
    .replace(KEY_BLOCK, '[private key]')
    .replace(SECRETS, '$1$2***');
  return clean.length <= max ? clean : `${clean.slice(0, max - 1)}…`;
}
