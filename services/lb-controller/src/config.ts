import { DeviceName } from '@gantry/contracts';
import { brokerEnv, httpEnv } from '@gantry/service-kit';
import { z } from 'zod';

const ms = (min: number) => z.int().min(min).max(600_000);

/** One load balancer. Its check interval is told here, since HAProxy does not tell it. */
export const DeviceConfig = z.strictObject({
  name: DeviceName,
  driver: z.literal('haproxy'),
  /** `/path/to/socket` or `tcp://host:port`; admin level. */
  socket: z.string().regex(/^(?:\/\S+|tcp:\/\/[^\s:/]+:\d{1,5})$/, {
    error: 'a path beginning with /, or tcp://host:port',
  }),
  /** `inter` of the slowest server check at this device. */
  checkIntervalMs: ms(10),
  /** `timeout check`; HAProxy never waits longer than the interval without it. */
  checkTimeoutMs: ms(0).optional(),
  pollMs: ms(10).default(200),
  /** How long after a reload connection counts are mistrusted: old workers serve on, uncounted. */
  reloadGraceMs: ms(0).default(5_000),
});
export type DeviceConfig = z.infer<typeof DeviceConfig>;

const Devices = z
  .array(DeviceConfig)
  .min(1)
  .refine((devices) => new Set(devices.map(({ name }) => name)).size === devices.length, {
    error: 'two devices have the same name',
  });

/** What lb-controller reads from its environment. */
export const LbControllerConfig = z.object({
  ...brokerEnv,
  ...httpEnv,
  GANTRY_LB_DEVICES: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(Devices),
  /** Pause between two looks at hosts that are to stay out. */
  GANTRY_LB_WATCH_MS: z.coerce.number().int().min(100).max(15_000).default(2_000),
});
export type LbControllerConfig = z.infer<typeof LbControllerConfig>;
