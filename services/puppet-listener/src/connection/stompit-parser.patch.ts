/** What the patch reads and writes of stompit's frame parser. */
interface FrameParser {
  _chunk: Buffer;
  _headers: object;
  _parse: unknown;
  _maxLineLength: number;
  _lineParts?: Buffer[];
  _lineBytes?: number;
  _consume(bytes: number): void;
  _exceededLineLengthLimit(): void;
  _parseLine(): string | null;
  _parseCommandLine: (this: FrameParser) => void;
  readonly _parseHeaderLine: unknown;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Mends stompit 1.0.0 in two places. A header named `hasOwnProperty`, from anybody who may publish, ended the process; and a
 * character of several bytes that a TCP chunk cut in two was spoilt.
 */
export function patchParser(parser: FrameParser): void {
  const original = parser._parseCommandLine;
  parser._parseCommandLine = function (this: FrameParser) {
    original.call(this);
    if (this._parse === parser._parseHeaderLine)
      this._headers = Object.create(SAFE_HEADERS) as object;
  };
  parser._parseLine = wholeLine;
}

/** The parser asks its headers whether they have a name: this answer cannot be replaced by a header. */
const SAFE_HEADERS: object = Object.freeze(
  Object.defineProperty(Object.create(null) as object, 'hasOwnProperty', {
    value: function (this: object, name: string): boolean {
      return name === 'hasOwnProperty' || Object.hasOwn(this, name);
    },
  }),
);

/** Collects the bytes of a line and decodes them together. */
function wholeLine(this: FrameParser): string | null {
  const end = this._chunk.indexOf(LF);
  const part = end === -1 ? this._chunk : this._chunk.subarray(0, end);
  const bytes = (this._lineBytes ?? 0) + part.length;
  if (bytes > this._maxLineLength) this._exceededLineLengthLimit();
  this._consume(end === -1 ? this._chunk.length : end + 1);
  if (end === -1) {
    this._lineParts = [...(this._lineParts ?? []), part];
    this._lineBytes = bytes;
    return null;
  }
  const line = Buffer.concat([...(this._lineParts ?? []), part]);
  delete this._lineParts;
  this._lineBytes = 0;
  return line.toString('utf8', 0, line.at(-1) === CR ? line.length - 1 : line.length);
}
