/** How long hosts and pools may take to answer the planning survey, from the last time they were asked. */
export const SURVEY_MS = 15_000;
/** When those that are silent are asked again. A dead connection to the broker is found within 25 s: the last question must outlive it. */
export const SURVEY_AGAIN_MS = 7_500;
/** How long a pool may need to show every host in service at the end. */
export const VERIFY_MS = 30_000;
/** How often pools are read while somebody waits for them. */
export const REREAD_MS = 5_000;
/** How often pools are read again at the end, while they do not show every host yet. */
export const LOOK_AGAIN_MS = 1_000;
/** Somebody who waits long for a place looks less often, but at least so often. A place given back wakes it at once. */
export const SLOWEST_LOOK_MS = 60_000;
/** How long a rollback waits for a place that only people can make, before it ends and tells which hosts are not back. */
export const PATIENCE_MS = 600_000;
