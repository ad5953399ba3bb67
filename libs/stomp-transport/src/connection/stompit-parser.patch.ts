/** The fields of stompit's frame parser that the patch reads and writes. */
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

const LF = 10;
const CR = 13;

/**
 * Repairs two defects of stompit 1.0.0 in place: a header named `hasOwnProperty` from any sender crashed the process
 * (the parser calls `headers.hasOwnProperty`), and a multi-byte character cut by a TCP chunk was corrupted.
 */
export function patchParser(parser: FrameParser): void {
  const parseCommandLine = parser._parseCommandLine;
  parser._parseCommandLine = function (this: FrameParser) {
    parseCommandLine.call(this);
    if (this._parse === parser._parseHeaderLine) this._headers = newHeaders();
  };
  parser._parseLine = parseLine;
}

/** Headers whose `hasOwnProperty` cannot be replaced by a header of that name: the parser believes it has seen it already. */
function newHeaders(): object {
  return Object.create(headersPrototype) as object;
}

const headersPrototype: object = Object.freeze(
  Object.defineProperty(Object.create(null) as object, 'hasOwnProperty', {
    value: function (this: object, name: string): boolean {
      return name === 'hasOwnProperty' || Object.hasOwn(this, name);
    },
    enumerable: false,
  }),
);

/** One line, decoded only when all its bytes are there. */
function parseLine(this: FrameParser): string | null {
  const at = this._chunk.indexOf(LF);
  const part = at < 0 ? this._chunk : this._chunk.subarray(0, at);
  const bytes = (this._lineBytes ?? 0) + part.length;
  if (bytes > this._maxLineLength) this._exceededLineLengthLimit();
  this._consume(at < 0 ? this._chunk.length : at + 1);
  if (at < 0) {
    (this._lineParts ??= []).push(part);
    this._lineBytes = bytes;
    return null;
  }
  const line = this._lineParts === undefined ? part : Buffer.concat([...this._lineParts, part]);
  delete this._lineParts;
  this._lineBytes = 0;
  return line.toString('utf8', 0, line.at(-1) === CR ? line.length - 1 : line.length);
}
