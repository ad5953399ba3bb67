import { torn, unusable } from '../ports/repository-error.js';
import { artifactOf, type Artifact, type RawPackage } from './artifact.js';
import type { Listing } from './listing.js';
import { MAX_DESCRIPTION } from './origin.js';
import { LookAlikes } from './look-alikes.js';
import { Relations } from './relations.js';
import type { ReadLimits } from './read-limits.js';
import { XmlReader } from './xml-reader.js';

const MAX_REASONS = 50;
const PACKAGE_DEPTH = 2;
const FIELD_DEPTH = 3;
const BLANK: RawPackage = {
  type: '',
  name: '',
  arch: '',
  epoch: '',
  version: '',
  release: '',
  checksumType: '',
  checksum: '',
  builtAt: '',
  sizeBytes: '',
  location: '',
  description: '',
  packager: '',
};
type Attributes = Readonly<Record<string, string>>;
type Fields = Partial<RawPackage>;

/** Elements of a package whose attributes are of interest, and what they tell. */
const ATTRIBUTES = new Map<string, (attributes: Attributes) => Fields>([
  ['version', ({ epoch = '', ver = '', rel = '' }) => ({ epoch, version: ver, release: rel })],
  ['checksum', ({ type = '' }) => ({ checksumType: type })],
  ['time', ({ build = '' }) => ({ builtAt: build })],
  ['size', ({ package: bytes = '' }) => ({ sizeBytes: bytes })],
  ['location', ({ href = '' }) => ({ location: href })],
]);
/** Elements of a package whose text is of interest. */
const TEXTS: ReadonlyMap<string, keyof RawPackage> = new Map([
  ['name', 'name'],
  ['arch', 'arch'],
  ['checksum', 'checksum'],
] as const);
/** Long texts, of which only those of our packages are of interest; a name comes before everything else. */
const LONG_TEXTS: ReadonlyMap<string, keyof RawPackage> = new Map([
  ['description', 'description'],
  ['packager', 'packager'],
] as const);

/** How a list of packages is read. */
export interface PrimaryOptions {
  readonly repository: string;
  readonly watched: ReadonlySet<string>;
  readonly limits: Pick<ReadLimits, 'packages' | 'builds'>;
}

/** Reads `primary.xml` piece by piece; only packages of watched names stay in memory. */
export class PrimaryReader {
  private readonly xml: XmlReader;
  private readonly artifacts: Artifact[] = [];
  private readonly reasons: string[] = [];
  private readonly refusedNames = new Set<string>();
  private refusals = 0;
  private packages = 0;
  private current: RawPackage = BLANK;
  private relations = new Relations();
  private readonly alike: LookAlikes;
  private field: keyof RawPackage | undefined;

  constructor(private readonly options: PrimaryOptions) {
    this.alike = new LookAlikes(options.watched);
    this.xml = new XmlReader('primary.xml', {
      opened: (name, attributes, depth) => this.opened(name, attributes, depth),
      text: (text, depth) => {
        if (depth === FIELD_DEPTH && this.field !== undefined) this.heard(this.field, text);
      },
      closed: (name, depth) => {
        if (depth === FIELD_DEPTH) this.field = undefined;
        else if (depth === PACKAGE_DEPTH && name === 'package') this.took(this.current);
      },
    });
  }

  write(text: string): void {
    this.xml.write(text);
  }

  /** Every version of the watched packages, oldest build first; only when the document was whole. */
  end(): Listing {
    this.xml.end();
    this.artifacts.sort((a, b) => a.builtAt.localeCompare(b.builtAt));
    return {
      packages: this.packages,
      artifacts: this.artifacts,
      lookAlikes: this.alike.above(this.artifacts),
      refused: { count: this.refusals, reasons: this.reasons, names: this.refusedNames },
    };
  }

  private opened(name: string, attributes: Attributes, depth: number): void {
    if (depth === 1 && name !== 'metadata') throw torn('primary.xml has no list of packages');
    if (depth === PACKAGE_DEPTH && name === 'package') this.began(attributes);
    if (depth === FIELD_DEPTH) this.told(name, attributes);
    if (depth > FIELD_DEPTH) this.relations.opened(name, attributes, depth);
  }

  private began({ type = '' }: Attributes): void {
    this.packages += 1;
    if (this.packages > this.options.limits.packages)
      throw unusable(`primary.xml lists more than ${this.options.limits.packages} packages`);
    this.current = { ...BLANK, type };
    this.relations = new Relations();
  }

  private told(name: string, attributes: Attributes): void {
    this.field = TEXTS.get(name) ?? (this.isWatched ? LONG_TEXTS.get(name) : undefined);
    const fields = ATTRIBUTES.get(name)?.(attributes);
    if (fields) this.set(fields);
  }

  private get isWatched(): boolean {
    return this.options.watched.has(this.current.name);
  }

  private heard(field: keyof RawPackage, text: string): void {
    const room = MAX_DESCRIPTION - this.current[field].length;
    this.set({ [field]: this.current[field] + text.slice(0, Math.max(0, room)) });
  }

  private set(fields: Fields): void {
    Object.assign(this.current, fields);
  }

  private took(raw: RawPackage): void {
    this.alike.see(raw);
    if (!this.options.watched.has(raw.name)) return;
    const artifact = artifactOf(raw, this.options.repository, this.relations);
    if (typeof artifact === 'string') this.refuse(raw, artifact);
    else if (artifact.arch !== 'src') this.artifacts.push(artifact);
    if (this.artifacts.length > this.options.limits.builds)
      throw unusable(
        `primary.xml lists more than ${this.options.limits.builds} builds of the watched packages`,
      );
  }

  private refuse({ name, version, release }: RawPackage, reason: string): void {
    this.refusals += 1;
    this.refusedNames.add(name);
    const which = JSON.stringify(`${version}-${release}`.slice(0, 100));
    if (this.reasons.length < MAX_REASONS) this.reasons.push(`${name} ${which}: ${reason}`);
  }
}
