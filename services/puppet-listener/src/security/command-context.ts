/** What a reply must carry over from the command it answers. */
export interface CommandContext {
  readonly cmdId: string;
  readonly stream: string;
  /** SHA-256 of the command's body as received. */
  readonly commandHash: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly actor: string;
}
