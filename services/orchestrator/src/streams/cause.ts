/** Who and what caused an input. Without `messageId` (a timer) there is no inbox row: deciding twice is harmless. */
export interface Cause {
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly actor?: string;
}
