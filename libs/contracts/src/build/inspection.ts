import { z } from 'zod';
import { ApplicationName, PackageName } from '../ids.js';

const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}+$/u);
const KeyId = z.string().regex(/^[0-9a-f]{8,40}$/);

/** What RPM's own tools said of a package's signature and digests, with no keys but those of its repository's configuration. */
export const PackageSignature = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('verified'), keyId: KeyId }),
  z.object({ verdict: z.literal('unsigned') }),
  z.object({
    verdict: z.literal('other-key'),
    keyId: KeyId,
    /** It was one of the keys. */
    lapsed: z.enum(['expired', 'revoked']).optional(),
  }),
  z.object({ verdict: z.literal('broken'), detail: printable(500) }),
]);
export type PackageSignature = z.infer<typeof PackageSignature>;

/** When a package's own scripts run. */
export const ScriptKind = z.enum([
  'pretrans',
  'pre',
  'post',
  'preun',
  'postun',
  'posttrans',
  'trigger',
]);
export type ScriptKind = z.infer<typeof ScriptKind>;

/** The scripts that a package brings, and what in them reaches beyond the package: `reboot`, `systemctl restart nginx`. */
export const PackageScripts = z.object({
  kinds: z.array(ScriptKind).min(1).max(7),
  reaches: z.array(printable(200)).max(20),
});
export type PackageScripts = z.infer<typeof PackageScripts>;

/**
 * What was found in a package. `provides` and `obsoletes` hold plain names other than its own. Without `signature` it is
 * unchecked, and without `scripts` it has none or was not opened: both want the repository's package keys.
 */
export const BuildInspection = z.object({
  signature: PackageSignature.optional(),
  provides: z.array(PackageName).max(400).optional(),
  obsoletes: z.array(PackageName).max(400).optional(),
  scripts: PackageScripts.optional(),
});
export type BuildInspection = z.infer<typeof BuildInspection>;

/** A package lays hands on the name of another package of the fleet, which belongs to that application. */
export const PackageClaim = z.object({
  relation: z.enum(['obsoletes', 'provides']),
  name: PackageName,
  application: ApplicationName,
});
export type PackageClaim = z.infer<typeof PackageClaim>;
