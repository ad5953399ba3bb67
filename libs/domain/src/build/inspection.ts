import type {
  BuildInspection,
  Fleet,
  PackageClaim,
  PackageName,
  PackageScripts,
  PackageSignature,
  Sha256,
} from '@gantry/contracts';
import { canonicalJson } from '../canonical-json.js';

/** What one repository's watcher found in one content of a build. */
export interface Inspected {
  readonly repository: string;
  readonly sha256: Sha256;
  readonly inspection: BuildInspection;
}

/** Where and of what something was found. */
type Found = Pick<Inspected, 'repository' | 'sha256'> & {
  readonly inspection?: BuildInspection | undefined;
};

const isOf =
  ({ repository, sha256 }: Found) =>
  (one: Inspected): boolean =>
    one.repository === repository && one.sha256 === sha256;

/** The findings with this one among them, in the place of what the same repository said of the same content. */
export function withInspection(inspected: readonly Inspected[], found: Found): Inspected[] {
  const { repository, sha256, inspection } = found;
  const others = inspected.filter((one) => !isOf(found)(one));
  return inspection === undefined ? others : [...others, { repository, sha256, inspection }];
}

/** Whether it is another finding than the one on record; nothing found is a finding too. */
export function isNewFinding(inspected: readonly Inspected[], found: Found): boolean {
  const known = inspected.find(isOf(found))?.inspection ?? {};
  return canonicalJson(known) !== canonicalJson(found.inspection ?? {});
}

/**
 * All that is known of one content, by the repositories that have it: the worst word on the signature, for any of them may be
 * the one that hosts install from, and everything that anybody found in it.
 */
export function inspectionOf(inspected: readonly Inspected[]): BuildInspection | undefined {
  const all = inspected.map(({ inspection }) => inspection);
  if (all.length === 0) return undefined;
  const signature = worst(all.flatMap((one) => one.signature ?? []));
  const provides = union(all.map((one) => one.provides));
  const obsoletes = union(all.map((one) => one.obsoletes));
  const scripts = allScripts(all.flatMap((one) => one.scripts ?? []));
  return {
    ...(signature && { signature }),
    ...(provides.length > 0 && { provides }),
    ...(obsoletes.length > 0 && { obsoletes }),
    ...(scripts && { scripts }),
  };
}

const BADNESS: Readonly<Record<PackageSignature['verdict'], number>> = {
  verified: 0,
  'other-key': 1,
  unsigned: 2,
  broken: 3,
};

const worst = (signatures: readonly PackageSignature[]): PackageSignature | undefined =>
  [...signatures].sort((a, b) => BADNESS[b.verdict] - BADNESS[a.verdict])[0];

const union = <T extends string>(lists: readonly (readonly T[] | undefined)[]): T[] =>
  [...new Set(lists.flatMap((list) => list ?? []))].sort();

function allScripts(scripts: readonly PackageScripts[]): PackageScripts | undefined {
  if (scripts.length === 0) return undefined;
  const kinds = union(scripts.map((one) => one.kinds));
  return { kinds, reaches: union(scripts.map((one) => one.reaches)).slice(0, 20) };
}

/**
 * Names of other packages of the fleet that a package provides or obsoletes: of other applications both, of its own one only
 * those that it obsoletes, for parts of one application may well provide the same.
 */
export function claimsOf(
  applications: Fleet['applications'],
  owner: string,
  { name: own, inspection }: { readonly name: PackageName; readonly inspection: BuildInspection },
): PackageClaim[] {
  return Object.entries(applications).flatMap(([key, { packages }]) => {
    const application = key as PackageClaim['application'];
    const names = packages.map(({ name }) => name).filter((name) => name !== own);
    const claims = (relation: PackageClaim['relation']): PackageClaim[] =>
      names
        .filter((name) => inspection[relation]?.includes(name))
        .map((name) => ({ relation, name, application }));
    return [...claims('obsoletes'), ...(application === owner ? [] : claims('provides'))];
  });
}
