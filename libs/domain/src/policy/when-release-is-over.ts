import type { RunningBinding } from '../deployment/decisions/binding.js';
import { isRollout, type Active } from '../deployment/state.js';
import type { ReleaseState } from '../release/state.js';

/** What becomes of a deployment that is still there when its release goes no further. */
export type AfterRelease =
  | { readonly do: 'nothing' }
  /** It has not begun: what people have not consented to yet ends. */
  | { readonly do: 'withdraw' }
  /** It has begun: it stops before its next host, and a person looks. */
  | { readonly do: 'hold'; readonly binding: Extract<RunningBinding, { goOn: false }> };

const NOTHING: AfterRelease = { do: 'nothing' };

/**
 * A release that has failed while it deploys was stopped by a gate that watches: nobody further leaves service for it, unless a person
 * has overridden that. One that a person stopped, or a newer one overtook, lets what has begun go on to its end.
 */
export function whenReleaseIsOver(deployment: Active, release: ReleaseState): AfterRelease {
  if (
    release.status === 'none' ||
    release.status === 'travelling' ||
    release.status === 'succeeded'
  )
    return NOTHING;
  if (!isRollout(deployment)) return { do: 'withdraw' };
  if (release.status !== 'failed' || deployment.release === undefined) return NOTHING;
  const { releaseId } = deployment.release;
  const id = `release:${releaseId}` as const;
  if (deployment.accept.includes(id)) return NOTHING;
  const what = `release ${releaseId} of ${release.pipeline} ${release.evr} has failed`;
  return { do: 'hold', binding: { goOn: false, id, what, who: 'a gate that watches' } };
}
