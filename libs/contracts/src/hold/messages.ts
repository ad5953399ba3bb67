import { z } from 'zod';
import { defineMessage } from '../define.js';
import { ActorId, ApplicationName, EnvironmentName, Instant, PoolName, Reason } from '../ids.js';

/** UUID of a hold: the id of its event stream. */
export const HoldId = z.uuid().brand<'HoldId'>();
export type HoldId = z.infer<typeof HoldId>;

/** What a pin keeps: one build (`1.4.0-2`), or every build of a version and of those under it (`1.4` keeps 1.4-1 and 1.4.2-1). */
export const PinnedVersion = z
  .string()
  .max(128)
  .regex(
    /^(?:[0-9]{1,9}:)?[A-Za-z0-9._+~^]+(?:-[A-Za-z0-9._+~^]+)?$/,
    'a version such as 1.4, or a whole build such as 1.4.0-2',
  );

/**
 * What a hold does. A *lock* lets nothing start; so does a *freeze*, which may also pause what runs, as the environment says; to
 * *stop the line* pauses what runs in any case; a *pin* lets nothing start but the version that stays.
 */
export const HoldTerms = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lock') }),
  z.object({ kind: z.literal('freeze') }),
  z.object({ kind: z.literal('stop-the-line') }),
  z.object({ kind: z.literal('pin'), version: PinnedVersion }),
]);
export type HoldTerms = z.infer<typeof HoldTerms>;

/** What a hold is laid on. */
export const HoldScope = z.discriminatedUnion('over', [
  z.object({ over: z.literal('all') }),
  z.object({ over: z.literal('environment'), environment: EnvironmentName }),
  z.object({ over: z.literal('application'), application: ApplicationName }),
  z.object({
    over: z.literal('application-in-environment'),
    application: ApplicationName,
    environment: EnvironmentName,
  }),
  z.object({ over: z.literal('pool'), pool: PoolName }),
]);
export type HoldScope = z.infer<typeof HoldScope>;

const hold = {
  holdId: HoldId,
  rule: HoldTerms,
  scope: HoldScope,
  reason: Reason,
  until: Instant.optional(),
};

/** Lay a hold on something; whoever asks owns it. Without `until` it stays until somebody lifts it. */
export const PlaceHold = defineMessage('command', 'hold.place', hold);
/** Take a hold away before its time. */
export const LiftHold = defineMessage('command', 'hold.lift', { holdId: HoldId, reason: Reason });

/** A hold binds from here on, people and automation alike. */
export const HoldPlaced = defineMessage('event', 'hold.placed', { ...hold, owner: ActorId });
/** Terminal: somebody took the hold away. */
export const HoldLifted = defineMessage('event', 'hold.lifted', {
  holdId: HoldId,
  by: ActorId,
  reason: Reason,
});
/** Terminal: the hold's time is over. */
export const HoldExpired = defineMessage('event', 'hold.expired', { holdId: HoldId });

/** The name of what holds something back: a hold, a freeze of the fleet file, the windows of an environment, or a release that has failed. */
export const BindingId = z
  .string()
  .max(128)
  .regex(
    /^(?:(?:hold|release):[0-9A-Fa-f-]{36}|freeze:[a-z0-9-]{1,63}|window:[a-z0-9-]{1,63})$/,
    'hold:<id>, freeze:<name> or window:<environment>, as it was told',
  );
export type BindingId = z.infer<typeof BindingId>;

/** A person goes ahead in spite of what is named here, and of nothing else; on record with the reason. */
export const Override = z.object({ of: z.array(BindingId).min(1).max(50), reason: Reason });
export type Override = z.infer<typeof Override>;
