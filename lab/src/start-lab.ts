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
  readonly domain?: string;
  /** Folders of this machine that every host sees read-only at the same path, e.g. the listener's bundle. */
  readonly readOnly?: readonly string[];
  readonly onProgress?: ProgressListener;
  /** Aborting it during the start cleans up and makes the start fail. */
  readonly signal?: AbortSignal;
}

/** Starts the whole data centre, as much as possible at once; when a part fails, all of it is taken down again. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  options.signal?.throwIfAborted();
  const workspace = await Workspace.open();
  const abort = () => void workspace.close();
  options.signal?.addEventListener('abort', abort);
  let network: Network | undefined;
  try {
    network = await Network.start(workspace);
    return await assembleLab({
      ...{ workspace, network, domain: options.domain ?? 'lab', count: options.hosts ?? 4 },
      ...{ readOnly: options.readOnly ?? [], tell: options.onProgress ?? (() => undefined) },
    });
  } catch (error) {
    await workspace.close();
    await network?.stop();
    throw options.signal?.aborted ? interrupted(error) : error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

function interrupted(cause: unknown): LabError {
  return new LabError('The lab was not started', 'it was interrupted', 'start it again', { cause });
}
