import { DeploymentId } from '@gantry/contracts';

/** A stream that asks things of the world. */
export interface AskingStream {
  readonly type: 'deployment' | 'refresh' | 'release';
  readonly id: string;
}

/** `deployment-<uuid>`, `refresh-<uuid>` or `release-<uuid>`; undefined for anything else. */
export function parseStream(key: string | undefined): AskingStream | undefined {
  const [, type, id] = /^(deployment|refresh|release)-(.*)$/.exec(key ?? '') ?? [];
  if (!DeploymentId.safeParse(id).success || id === undefined) return undefined;
  return { type: type as AskingStream['type'], id };
}
