import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** The levels of the log, loudest first: `error` someone must look, `warn` we recovered, `log` one line per thing done. */
export const LOG_LEVELS = ['error', 'warn', 'log', 'debug'] as const;

/** Where a service answers HTTP, and what this copy of it is called: spread into a service's schema. */
export const httpEnv = {
  GANTRY_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  GANTRY_HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Names this replica's reply queue, so it must be unique among replicas. */
  GANTRY_INSTANCE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/, { error: 'letters, digits, _ and -, at most 40' })
    .default(() => randomBytes(5).toString('hex')),
  GANTRY_LOG_LEVEL: z.enum(LOG_LEVELS).default('log'),
};

/** The HTTP part of a configuration. */
export type HttpConfig = z.infer<z.ZodObject<typeof httpEnv>>;
