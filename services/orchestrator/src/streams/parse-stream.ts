import { DeploymentId } from '@gantry/contracts';

const TYPES = ['deployment', 'refresh', 'release', 'hold'] as const;

/** A stream that asks things of the world, or waits for its time. */
export interface TimedStream {
  readonly type: (typeof TYPES)[number];
  readonly id: string;
}

/** One of these types and a UUID, as `refresh-<uuid>`; undefined for anything else. */
export function parseStream(key: string | undefined): TimedStream | undefined {
  const [, prefix, id] = /^([a-z]+)-(.*)$/.exec(key ?? '') ?? [];
  const type = TYPES.find((known) => known === prefix);
  if (type === undefined || !DeploymentId.safeParse(id).success || id === undefined)
    return undefined;
  return { type, id };
}
