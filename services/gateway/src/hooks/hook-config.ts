import { LookForBuilds } from '@gantry/contracts';
import { z } from 'zod';

/** How a sender proves that a delivery is its own. Each secret is for one way: one that travels in a header may not also sign. */
export const HookKind = z.enum(['gantry', 'github', 'gitlab', 'standard']);
export type HookKind = z.infer<typeof HookKind>;

/** One sender of hooks. Two of one repository and kind: the old and the new secret, while they are changed. */
export const HookConfig = z.strictObject({
  repository: LookForBuilds.schema.shape.repository,
  kind: HookKind,
  secret: z.string().min(32, 'at least 32 characters: openssl rand -hex 32').max(512),
});
export type HookConfig = z.infer<typeof HookConfig>;

/** The hooks as one variable. */
export const hooksEnv = z
  .string()
  .default('[]')
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(HookConfig).max(200));
