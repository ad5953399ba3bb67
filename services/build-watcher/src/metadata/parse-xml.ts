import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { torn, unusable } from '../ports/repository-error.js';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // Versions such as 1.10 are text: as numbers they would become 1.1.
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => name === 'package' || name === 'data',
});

/** Parses repository metadata. They never have a document type; one could only be there to do harm. */
export function parseXml(what: string, text: string): unknown {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text))
    throw unusable(`${what} declares a document type, which repository metadata never do: refused`);
  // The parser takes half a document without complaint, so the whole is checked first.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is a package with three more for the same check
  const valid = XMLValidator.validate(text);
  if (valid !== true)
    throw torn(`${what} is not well-formed (${valid.err.msg}, line ${valid.err.line})`);
  return parser.parse(text);
}
