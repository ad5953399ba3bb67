import { z } from 'zod';
import { defineMessage } from '../define.js';

/** Something that was asked for or claimed, and refused. Nothing of what was sent is kept but its kind. */
const refusal = {
  /** Who asked, as far as that is known: a person, a token, a host by its claim. */
  who: z.string().min(1).max(128),
  /** From where: an address, a queue. */
  from: z.string().min(1).max(128),
  /** What was asked for, such as `POST /api/v1/deployments`. */
  what: z.string().min(1).max(300),
  /** The refusal's code, such as `deployment.unknown-build`. */
  code: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,126}$/),
  why: z.string().max(500),
  /** More than one: so many like it came at once that they are told together. */
  times: z.int().min(1),
};

/** A service refused something (topic `access.observations`). */
export const AccessRefusalObserved = defineMessage(
  'observation',
  'access.refusal-observed',
  refusal,
);

/** A refused or denied input, on record (stream `access-<day>`). */
export const AccessRefused = defineMessage('event', 'access.refused', refusal);
