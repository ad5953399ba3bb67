import { CST, Lexer } from 'yaml';

/** What a fleet file may be at most: far above any real fleet, far below what would keep the process busy. */
export const FLEET_FILE_LIMITS = {
  bytes: 5_000_000,
  tokens: 500_000,
  valueLength: 10_000,
  flowDepth: 20,
} as const;

/** A token that is refused, and where it stands. */
export interface RefusedToken {
  readonly offset: number;
  readonly message: string;
}

/** What YAML offers and a fleet file has no use for: each has been a way to make a small file large or to run code. */
const REFUSED: Readonly<Partial<Record<string, string>>> = {
  anchor: 'anchors (&) are not taken: write the value out where it is needed',
  alias: 'aliases (*) are not taken: write the value out where it is needed',
  tag: 'tags (!) are not taken: write the plain value',
  'directive-line': 'directives (%) are not taken: remove the line',
};
const MAX_REFUSED = 20;

/**
 * Reads the text token by token, before anything is built from it, and stops at the limits. The parser needs seconds for
 * what this refuses in milliseconds: a long list of open brackets, or a line per byte.
 */
export function findRefusedTokens(text: string): readonly RefusedToken[] {
  if (text.length > FLEET_FILE_LIMITS.bytes || Buffer.byteLength(text) > FLEET_FILE_LIMITS.bytes) {
    return [
      {
        offset: 0,
        message: `the file is larger than ${FLEET_FILE_LIMITS.bytes} bytes: split the fleet`,
      },
    ];
  }
  const scan = new TokenScan();
  for (const token of new Lexer().lex(text)) {
    scan.take(token);
    if (scan.stopped) break;
  }
  return scan.refused;
}

class TokenScan {
  readonly refused: RefusedToken[] = [];
  private tokens = 0;
  private offset = 0;
  private flowDepth = 0;
  private scalarFollows = false;
  private overLimit = false;

  get stopped(): boolean {
    return this.overLimit || this.refused.length >= MAX_REFUSED;
  }

  take(token: string): void {
    const type = this.scalarFollows ? 'content' : (CST.tokenType(token) ?? 'content');
    this.scalarFollows = type === 'scalar';
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') return;
    this.check(type, token);
    this.offset += token.length;
  }

  private check(type: string, token: string): void {
    const why = REFUSED[type];
    if (why !== undefined) this.refuse(why);
    if (++this.tokens > FLEET_FILE_LIMITS.tokens)
      this.exceed('the file has too many values: split the fleet');
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.flowDepth++;
    if (type === 'flow-map-end' || type === 'flow-seq-end') this.flowDepth--;
    if (this.flowDepth > FLEET_FILE_LIMITS.flowDepth)
      this.exceed('brackets are nested too deep: nothing in a fleet file is');
    if (token.length > FLEET_FILE_LIMITS.valueLength) {
      this.exceed(
        `a text of ${token.length} characters stands here: nothing in a fleet file is that long`,
      );
    }
  }

  private exceed(message: string): void {
    this.overLimit = true;
    this.refuse(message);
  }

  private refuse(message: string): void {
    this.refused.push({ offset: this.offset, message });
  }
}
