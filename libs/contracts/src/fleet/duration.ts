import { z } from 'zod';

/** An hour in milliseconds: the unit of the longest waits a fleet file may ask for. */
export const HOUR = 3_600_000;

/** A duration in milliseconds up to `max`. */
export const durationMs = (max: number) => z.int().min(0).max(max);
