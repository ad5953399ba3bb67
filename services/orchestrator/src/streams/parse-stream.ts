import { DeploymentId } from '@gantry/contracts';

/** A stream that asks things of the world. */
export interface AskingStream {
  readonly type: 'deployment' | 'refresh';
  readonly id: string;
}

/** `deployment-<uuid>` or `refresh-<uuid>`; undefined for anything else. */
export function parseStream(key: string | undefined): AskingStream | undefined {
  const [, type, id] = /^(deployment|refresh)-(.*)$/.exec(key ?? '') ?? [];
  if (!DeploymentId.safeParse(id).success || id === undefined) return undefined;
  return { type: type === 'refresh' ? 'refresh' : 'deployment', id };
}
