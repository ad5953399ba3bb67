import { z } from 'zod';

const uri = z.string().regex(/^stomp(?:\+ssl)?:\/\/[^\s/@]+:\d+$/, {
  error:
    'each entry must look like stomp://host:port or stomp+ssl://host:port, without credentials',
});

const file = z.string().regex(/^[^\n]+$/, { error: 'must be the path of a PEM file' });

/**
 * How to reach the broker: spread into a service's schema. The three of TLS name PEM files, which are read at each connect; who we
 * are to the broker is then the certificate's to say, and no password is needed.
 */
export const brokerEnv = {
  GANTRY_BROKER_URIS: z
    .string()
    .transform((list) => list.split(',').map((entry) => entry.trim()))
    .pipe(z.array(uri).min(1)),
  GANTRY_BROKER_LOGIN: z.string().min(1),
  GANTRY_BROKER_PASSCODE: z.string().min(1).optional(),
  GANTRY_BROKER_CA: file.optional(),
  GANTRY_BROKER_CERT: file.optional(),
  GANTRY_BROKER_KEY: file.optional(),
  /** How often each side shows that it lives; 10 s where it is not set. A connection that is silent for some of these is dropped. */
  GANTRY_BROKER_HEARTBEAT_MS: z.coerce.number().int().min(500).max(60_000).optional(),
};

/** The broker's part of a configuration. */
export type BrokerConfig = z.infer<z.ZodObject<typeof brokerEnv>>;
