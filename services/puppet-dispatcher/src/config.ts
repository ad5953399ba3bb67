import { KeyId } from '@gantry/contracts';
import { brokerEnv, httpEnv } from '@gantry/service-kit';
import { z } from 'zod';

/** What puppet-dispatcher reads from its environment. */
export const DispatcherConfig = z.object({
  ...brokerEnv,
  ...httpEnv,
  /** PEM of the Ed25519 key every command to a host is signed with; give it as `GANTRY_SIGNING_KEY_FILE`. */
  GANTRY_SIGNING_KEY: z.string().includes('PRIVATE KEY', { error: 'must be a PEM private key' }),
  /** Name of that key: hosts trust it as `<name>.pub`. */
  GANTRY_SIGNING_KID: KeyId,
  /** Folder of enrolled keys: `<certname>.pub` of each host, `publisher.<certname>.pub` of each Puppet server. */
  GANTRY_HOST_KEYS: z.string().min(1),
});
export type DispatcherConfig = z.infer<typeof DispatcherConfig>;
