import { assembleLab } from './assemble-lab.js';
import type { Lab } from './lab.js';
import { LabError } from './lab-error.js';
import { Network } from './network.js';
import type { ProgressListener } from './progress.js';
import { Workspace } from './workspace.js';

/** What the data centre is made of. */
export interface LabOptions {
  /** How many hosts: web1, web2, ... */
  readonly hosts?: number;
  /** Further hosts by name, behind no load balancer: other environments. */
  readonly apart?: readonly string[];
  readonly domain?: string;
  /** Folders of this machine that every host sees read-only at the same path, e.g. the listener's bundle. */
  readonly readOnly?: readonly string[];
  /** `played`: a script stands in for Puppet, real in all else; the lab starts in seconds. */
  readonly puppet?: 'real' | 'played';
  readonly onProgress?: ProgressListener;
  /** Aborting it during the start cleans up and makes the start fail. */
  readonly signal?: AbortSignal;
}

/** Starts the whole data centre, as much as possible at once; when a part fails, all of it is taken down again. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { signal } = options;
  signal?.throwIfAborted();
  const workspace = await Workspace.open();
  const abort = () => void workspace.close();
  signal?.addEventListener('abort', abort);
  try {
    return await inNetwork(workspace, options);
  } catch (error) {
    await workspace.close();
    throw signal?.aborted ? interrupted(error) : error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function inNetwork(workspace: Workspace, options: LabOptions): Promise<Lab> {
  const {
    hosts: count = 4,
    apart = [],
    domain = 'lab',
    readOnly = [],
    puppet = 'real',
    onProgress: tell = () => undefined,
  } = options;
  const network = await Network.start(workspace);
  try {
    return await assembleLab({ workspace, network, domain, count, apart, readOnly, puppet, tell });
  } catch (error) {
    await workspace.close();
    await network.stop();
    throw error;
  }
}

function interrupted(cause: unknown): LabError {
  return new LabError('The lab was not started', 'it was interrupted', 'start it again', { cause });
}
