import { brokerEnv, httpEnv } from '@gantry/service-kit';
import { z } from 'zod';
import { AllowList } from './net/allow-list.js';

const folder = z.string().regex(/^\/\S*$/, { error: 'an absolute path' });

/** What the verifier reads from its environment. */
export const VerifierConfig = z.object({
  ...brokerEnv,
  ...httpEnv,
  /** Host names, addresses and ranges inside the house that gates may ask. Public addresses may be asked without. */
  GANTRY_GATE_ALLOW: z
    .string()
    .default('')
    .transform((text, context) => {
      const { list, problems } = AllowList.parse(text);
      for (const message of problems) context.addIssue({ code: 'custom', message });
      return list;
    }),
  /** Programs that `command` and `selenium` gates may run; without it there are none. */
  GANTRY_GATE_COMMANDS_DIR: folder.optional(),
  /** One file per credential, named as gates name it; without it there are none. */
  GANTRY_GATE_CREDENTIALS_DIR: folder.optional(),
  /** Screenshots, and the record of which runs were begun. Replicas share it. */
  GANTRY_EVIDENCE_DIR: folder,
  /** Runs whose evidence is kept; older ones go. */
  GANTRY_EVIDENCE_KEEP: z.coerce.number().int().min(10).max(100_000).default(1_000),
  /** Gates that run at once; others wait. */
  GANTRY_GATE_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  GANTRY_CHROME: folder.default('/usr/bin/chromium'),
  GANTRY_CHROMEDRIVER: folder.default('/usr/bin/chromedriver'),
});
export type VerifierConfig = z.infer<typeof VerifierConfig>;
