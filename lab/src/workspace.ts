import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from './lab-error.js';
import { type ManagedProcess, type ProcessSpec, startProcess } from './processes.js';
import { startTimeOf } from './process-table.js';
import { killMarked, MARKER, OWNER_FILE, sweepAbandoned, WORKSPACE_PREFIX } from './sweep.js';

/** One lab's directory, name tag and processes: everything in it goes away with close(). */
export class Workspace {
  private readonly processes: ManagedProcess[] = [];
  private readonly starting = new Set<Promise<unknown>>();
  private readonly closers: (() => Promise<void>)[] = [];
  private closing: Promise<void> | undefined;
  private links: readonly string[] = [];

  private constructor(
    readonly dir: string,
    /** Short and unique: several labs live side by side on one machine. */
    readonly tag: string,
  ) {}

  /** Makes a workspace; cleans up after labs whose owner was killed before it could. */
  static async open(): Promise<Workspace> {
    await sweepAbandoned();
    const dir = await mkdtemp(join(tmpdir(), WORKSPACE_PREFIX));
    // Postgres runs as another user and must be able to walk into its folder.
    await chmod(dir, 0o755);
    const workspace = new Workspace(dir, randomBytes(2).toString('hex'));
    await workspace.recordOwner();
    return workspace;
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  async folder(...parts: string[]): Promise<string> {
    const folder = this.path(...parts);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Starts a process that dies with this workspace; its environment names the workspace. */
  async start(spec: ProcessSpec): Promise<ManagedProcess> {
    this.refuseWhenClosing(spec.name);
    const env = { ...(spec.env ?? process.env), [MARKER]: this.dir };
    const start = startProcess({ ...spec, env });
    this.starting.add(start);
    const started = await start.finally(() => this.starting.delete(start));
    this.processes.push(started);
    return started;
  }

  /** Lets close() also end something that lives in this process, such as a listening server. */
  onClose(name: string, close: () => Promise<void>): void {
    this.refuseWhenClosing(name);
    this.closers.push(close);
  }

  /** Remembers a network link so that a sweep can remove it should we be killed. */
  async ownLink(name: string): Promise<void> {
    this.links = [...this.links, name];
    await this.recordOwner();
  }

  /** Ends every process, also those still starting, and removes the folder. May be called more than once. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private refuseWhenClosing(name: string): void {
    if (this.closing)
      throw new LabError(`Cannot start ${name}`, 'the lab is stopping', 'start a new one');
  }

  private async end(): Promise<void> {
    const starting = [...this.starting];
    await Promise.all(this.closers.map((close) => close()));
    if (starting.length > 0) await killMarked(this.dir);
    await Promise.allSettled(starting);
    await Promise.all(this.processes.map((started) => started.stop()));
    await killMarked(this.dir);
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  private async recordOwner(): Promise<void> {
    const owner = {
      pid: process.pid,
      startTime: await startTimeOf(process.pid),
      links: this.links,
    };
    await writeFile(this.path(OWNER_FILE), JSON.stringify(owner));
  }
}
