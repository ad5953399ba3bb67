import type {
  Finding,
  PackageClaim,
  PackageSignature,
  PinnedPackage,
  PlannedHost,
} from '@gantry/contracts';
import { assertNever } from '../assert-never.js';
import { parseEvr } from '../rpm-version/parse-evr.js';
import { clip, some } from '../text.js';

const MAX_MESSAGE = 1_000;

/** What speaks against the packages themselves: who signed them, whose names they take, what their scripts do. */
export function packageFindings(
  packages: readonly PinnedPackage[],
  hosts: readonly PlannedHost[],
): Finding[] {
  return packages.flatMap((one) => [
    ...signatureFindings(one),
    ...(one.claims ?? []).map((claim) => claimFinding(one, claim)),
    ...scriptFindings(one),
    ...epochFindings(one, hosts),
  ]);
}

const fileOf = ({ name, evr }: PinnedPackage): string => `${name}-${evr}`;

function finding(
  severity: Finding['severity'],
  code: string,
  message: string,
  todo: string,
): Finding {
  return { severity, code, message: clip(message, MAX_MESSAGE), todo: clip(todo, MAX_MESSAGE) };
}

function signatureFindings(one: PinnedPackage): Finding[] {
  const signature = one.inspection?.signature;
  const fault = signature && faultOf(signature);
  if (fault === undefined) return [];
  return [finding('block', 'package-not-trusted', `${fileOf(one)} ${fault.seen}`, fault.todo)];
}

/** What is wrong with a signature, and what helps; undefined when it is good. */
function faultOf(signature: PackageSignature): { seen: string; todo: string } | undefined {
  switch (signature.verdict) {
    case 'verified':
      return undefined;
    case 'unsigned':
      return {
        seen: 'is not signed',
        todo: 'Find out who built it. If it is yours, sign it as a new release: rpmsign --addsign, then createrepo_c.',
      };
    case 'other-key':
      return {
        seen: `is signed by key ${signature.keyId}, which ${lapsed(signature.lapsed)}`,
        todo: "Find out whose key that is. If it is yours and good, put its public half into the repository's packageKeyring; otherwise publish a new release that is signed by one that is.",
      };
    case 'broken':
      return {
        seen: `is damaged or was tampered with: ${signature.detail}`,
        todo: 'Take it out of the repository, find out how it came there, and publish a new release.',
      };
    default:
      return assertNever(signature);
  }
}

const lapsed = (how: 'expired' | 'revoked' | undefined): string =>
  ({ expired: 'has expired', revoked: 'was revoked', none: 'its repository does not trust' })[
    how ?? 'none'
  ];

function claimFinding(one: PinnedPackage, { relation, name, application }: PackageClaim): Finding {
  const message = `${fileOf(one)} ${relation} ${name}, which belongs to ${application}`;
  if (one.mayReplace?.includes(name) === true)
    return finding('info', 'package-replaces', message, 'The fleet file lists it in mayReplace.');
  return finding(
    'block',
    'package-replaces',
    `${message}: installing it may take ${name} away`,
    `Build it without that. If it is meant, list ${name} in mayReplace of ${one.name} in the fleet file.`,
  );
}

function scriptFindings(one: PinnedPackage): Finding[] {
  const { kinds = [], reaches = [] } = one.inspection?.scripts ?? {};
  if (kinds.length === 0) return [];
  const runs = finding(
    'info',
    'package-scripts',
    `${fileOf(one)} runs scripts of its own as root: ${kinds.map((kind) => `%${kind}`).join(', ')}`,
    'Look at them with: rpm -qp --scripts --triggers.',
  );
  if (reaches.length === 0) return [runs];
  const act = finding(
    'confirm',
    'package-scripts-reach',
    `scripts of ${fileOf(one)} reach beyond the package: ${some(reaches)}`,
    'Look at them with: rpm -qp --scripts --triggers; accept package-scripts-reach if that is meant on every host.',
  );
  return [runs, act];
}

/** An epoch beats every version, so whoever raises it wins over all builds there are, and there is no way back without another. */
function epochFindings(one: PinnedPackage, hosts: readonly PlannedHost[]): Finding[] {
  const { epoch } = parseEvr(one.evr);
  const lower = hosts.flatMap(({ host, from }) => {
    const evr = from.find(({ name }) => name === one.name)?.evr ?? null;
    return evr !== null && parseEvr(evr).epoch < epoch ? [{ host, evr }] : [];
  });
  const [first] = lower;
  if (first === undefined) return [];
  return [
    finding(
      'confirm',
      'epoch-raised',
      `${fileOf(one)} has epoch ${epoch}, which beats every version of what runs on ${lower.length} of ${hosts.length} hosts (${first.host}: ${first.evr})`,
      'Find out who raised the epoch and why; accept epoch-raised if it is meant.',
    ),
  ];
}
