import { ActorId } from '@gantry/contracts';
import { brokerEnv, httpEnv } from '@gantry/service-kit';
import { z } from 'zod';
import { hooksEnv } from './hooks/hook-config.js';

const hostName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** The gateway's configuration. There is no login yet, so it listens on loopback and nowhere else. */
export const GatewayEnv = z.object({
  ...brokerEnv,
  ...httpEnv,
  GANTRY_HTTP_HOST: z
    .enum(['127.0.0.1', '::1', 'localhost'], {
      error:
        'the gateway has no login yet and listens on loopback only: 127.0.0.1, ::1 or localhost',
    })
    .default('127.0.0.1'),
  /** On whose behalf commands are given. */
  GANTRY_ACTOR: ActorId.default(ActorId.parse('local-operator')),
  /** Further names this gateway is called by, in requests' Host header (a proxy's, say). */
  GANTRY_ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((list) => list.split(',').filter((name) => name !== ''))
    .pipe(z.array(z.string().regex(hostName, 'host names, separated by commas, no ports'))),
  /** Who may ask for a look at a repository, and how it proves itself. */
  GANTRY_HOOKS: hooksEnv,
  GANTRY_REQUEST_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(10_000),
  GANTRY_MAX_STREAMS: z.coerce.number().int().min(1).max(10_000).default(500),
});
export type GatewayConfig = Readonly<z.infer<typeof GatewayEnv>>;
