import { z } from 'zod';

const uri = z.string().regex(/^stomp(?:\+ssl)?:\/\/[^\s/@]+:\d+$/, {
  error:
    'each entry must look like stomp://host:port or stomp+ssl://host:port, without credentials',
});

/** How to reach the broker: spread into a service's schema. The three TLS variables hold PEM text (`..._FILE` names a file). */
export const brokerEnv = {
  GANTRY_BROKER_URIS: z
    .string()
    .transform((list) => list.split(',').map((entry) => entry.trim()))
    .pipe(z.array(uri).min(1)),
  GANTRY_BROKER_LOGIN: z.string().min(1),
  GANTRY_BROKER_PASSCODE: z.string().min(1),
  GANTRY_BROKER_CA: z.string().optional(),
  GANTRY_BROKER_CERT: z.string().optional(),
  GANTRY_BROKER_KEY: z.string().optional(),
};

/** The broker's part of a configuration. */
export type BrokerConfig = z.infer<z.ZodObject<typeof brokerEnv>>;
