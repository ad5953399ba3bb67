import type { ScriptKind } from '@gantry/contracts';
import type { Artifact } from '../metadata/artifact.js';

const [RECORD, UNIT] = ['\x1e', '\x1f'];

/** Tags of scripts, each with that of the program that runs it: `%post -p /sbin/ldconfig` has a program alone. */
const SCRIPT_TAGS: readonly (readonly [kind: ScriptKind, tag: string])[] = [
  ['pretrans', 'PRETRANS'],
  ['pre', 'PREIN'],
  ['post', 'POSTIN'],
  ['preun', 'PREUN'],
  ['postun', 'POSTUN'],
  ['posttrans', 'POSTTRANS'],
];
const TRIGGER_TAGS = ['TRIGGERSCRIPT', 'FILETRIGGERSCRIPT', 'TRANSFILETRIGGERSCRIPT'];

/** What stands before the first section, `provides`, and `obsoletes`. */
const SECTIONS_BEFORE_SCRIPTS = 3;

const list = (tag: string): string => `[%{${tag}}\n]`;
const section = (name: string, content: string): string => `${RECORD}${name}${UNIT}${content}`;

/** Asks who the package says it is, by which keys it is signed, and for its files; nothing else may stand in this answer. */
export const IDENTITY_QUERY = `%{NAME}|%{EPOCHNUM}:%{VERSION}-%{RELEASE}|%{ARCH}|%{RSAHEADER:pgpsig}%{DSAHEADER:pgpsig}%{SIGPGP:pgpsig}%{SIGGPG:pgpsig}\n${list('FILENAMES')}`;

/** Asks for names and scripts. A script that forges the start of a section can only add to what is found. */
export const CONTENT_QUERY = [
  section('provides', list('PROVIDENAME')),
  section('obsoletes', list('OBSOLETENAME')),
  ...SCRIPT_TAGS.map(([kind, tag]) =>
    section(kind, `%|${tag}?{%{${tag}}\n}|%|${tag}PROG?{${list(`${tag}PROG`)}}|`),
  ),
  section('trigger', TRIGGER_TAGS.map((tag) => list(`${tag}S`) + list(`${tag}PROG`)).join('')),
].join('');

/** Whether a package is in its own header what the repository lists it as; another good package may have been put in its place. */
export function isListedAs(identity: string, { name, evr, arch }: Artifact): boolean {
  const full = evr.includes(':') ? evr : `0:${evr}`;
  return identity.startsWith(`${name}|${full}|${arch}|`);
}

/** The whole id of the key that signed it; the short one of other answers may belong to several keys. */
export const keyIdOf = (identity: string): string | undefined =>
  /Key ID ([0-9a-f]{16,40})/.exec(identity.slice(0, identity.indexOf('\n')))?.[1];

/** Names of the systemd units that the package brings. */
export const unitsOf = (identity: string): ReadonlySet<string> =>
  new Set(
    identity
      .split('\n')
      .slice(1)
      .map((file) => /\/systemd\/system\/([^/]+)$/.exec(file)?.[1])
      .filter((unit) => unit !== undefined),
  );

/** Names and scripts in a package's header. */
export interface PackageContent {
  readonly provides: readonly string[];
  readonly obsoletes: readonly string[];
  readonly kinds: readonly ScriptKind[];
  readonly scripts: string;
}

/** Reads the answer to `CONTENT_QUERY`. */
export function contentOf(answer: string): PackageContent {
  const sections = answer.split(RECORD).map((record) => {
    const [name = '', ...content] = record.split(UNIT);
    return { name, content: content.join(UNIT) };
  });
  const of = (name: string): string =>
    sections
      .filter((one) => one.name === name)
      .map(({ content }) => content)
      .join('\n');
  const lines = (name: string): string[] =>
    of(name)
      .split('\n')
      .filter((line) => line !== '');
  const kinds = [...SCRIPT_TAGS.map(([kind]) => kind), 'trigger' as const].filter(
    (kind) => of(kind).trim() !== '',
  );
  // Everything behind the names, in a known section or not: a script cannot take a part of itself out of the search.
  const scripts = sections
    .slice(SECTIONS_BEFORE_SCRIPTS)
    .map(({ name, content }) => `${name}\n${content}`)
    .join('\n');
  return { provides: lines('provides'), obsoletes: lines('obsoletes'), kinds, scripts };
}
