import { refused, type Decision } from '../../decision.js';
import type { RequestContext } from '../input.js';

/** A build that is quarantined, or is not the one that was seen first, begins nowhere. */
export function badBuild(builds: RequestContext['builds']): Decision<never> | undefined {
  const bad = builds.find((b) => b.state === 'quarantined' || b.state === 'changed');
  if (bad === undefined) return goneBuild(builds);
  return refused(
    'conflict',
    `build-${bad.state}`,
    `${bad.name}-${bad.evr} is ${bad.state === 'quarantined' ? 'quarantined' : 'not the build that was seen first'}: ${bad.note}`,
    'A named person can lift this with a reason: gantry lift-quarantine NAME EVR --reason TEXT; or deploy another build.',
  );
}

function goneBuild(builds: RequestContext['builds']): Decision<never> | undefined {
  const gone = builds.find((b) => b.state === 'gone');
  if (gone === undefined) return undefined;
  return refused(
    'conflict',
    'build-gone',
    `${gone.name}-${gone.evr} was seen, and is in no repository any more`,
    'Publish the same RPM again, or deploy another build.',
  );
}
