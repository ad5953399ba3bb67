import { SaxesParser } from 'saxes';
import { torn, unusable } from '../ports/repository-error.js';

/** More than any honest element, comment or text of repository metadata; the parser holds one of them in memory at a time. */
const MAX_PIECE = 4 * 1024 * 1024;
const MAX_DEPTH = 32;

/** What is told while a document is read; `depth` is 1 at the root. */
export interface XmlListener {
  opened(name: string, attributes: Readonly<Record<string, string>>, depth: number): void;
  text(text: string, depth: number): void;
  closed(name: string, depth: number): void;
}

/** Reads XML piece by piece. Metadata never have a document type; one could only be there to do harm. */
export class XmlReader {
  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private depth = 0;
  private silent = 0;

  constructor(
    private readonly what: string,
    private readonly listener: XmlListener,
  ) {
    this.parser.on('error', ({ message }) => {
      throw torn(`${this.what} is not well-formed (${message.slice(0, 200)})`);
    });
    this.parser.on('doctype', () => this.refuseDoctype());
    this.parser.on('opentag', ({ name, attributes }) => {
      this.silent = 0;
      this.depth += 1;
      if (this.depth > MAX_DEPTH) throw unusable(`${this.what} is nested deeper than ${MAX_DEPTH}`);
      this.listener.opened(name, attributes, this.depth);
    });
    this.parser.on('text', (text) => this.heard(text));
    this.parser.on('cdata', (text) => this.heard(text));
    this.parser.on('closetag', ({ name }) => {
      this.silent = 0;
      this.listener.closed(name, this.depth);
      this.depth -= 1;
    });
  }

  write(text: string): void {
    this.silent += text.length;
    this.parser.write(text);
    if (this.silent > MAX_PIECE)
      throw unusable(`${this.what} has one piece of more than ${MAX_PIECE} characters`);
  }

  /** Every element must be closed by now. */
  end(): void {
    this.parser.close();
  }

  private heard(text: string): void {
    this.silent = 0;
    this.listener.text(text, this.depth);
  }

  private refuseDoctype(): never {
    throw unusable(
      `${this.what} declares a document type, which repository metadata never do: refused`,
    );
  }
}
