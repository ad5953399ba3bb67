import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunRecord } from './run-record.js';

/**
 * Which runs were begun, on disk beside their evidence: a program that ran when its verifier died must not be started again
 * because the broker delivers the request once more. Losing the folder loses only that.
 */
export class RunLedger {
  private readonly folder: string;

  constructor(
    private readonly evidence: string,
    private readonly keep: number,
  ) {
    this.folder = join(evidence, '.runs');
  }

  /** What is written of a run. An empty file is a run of which no more is known than that it was begun. */
  async find(gateRunId: string): Promise<RunRecord | undefined> {
    const file = this.fileOf(gateRunId);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return RunRecord.parse(JSON.parse(text));
    } catch {
      return { beganAt: (await stat(file)).mtime.toISOString() };
    }
  }

  /** Writes down that the run begins; answers what is written already when it was begun before. */
  async begin(gateRunId: string, record: RunRecord): Promise<RunRecord | undefined> {
    await mkdir(this.folder, { recursive: true });
    try {
      // Exclusive: of two replicas that are asked at once, one begins.
      await (await open(this.fileOf(gateRunId), 'wx')).close();
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      return (await this.find(gateRunId)) ?? record;
    }
    await this.write(gateRunId, record);
    return undefined;
  }

  async write(gateRunId: string, record: RunRecord): Promise<void> {
    const file = this.fileOf(gateRunId);
    // A name of its own: a replica that lost its broker and the one that took the run up may write at once.
    const fresh = `${file}.${randomUUID()}.new`;
    await writeFile(fresh, JSON.stringify(record));
    await rename(fresh, file);
  }

  /** Removes what is older than the newest runs. */
  async sweep(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    if (names.length <= this.keep) return;
    const aged = await Promise.all(names.map(async (name) => ({ name, at: await this.age(name) })));
    aged.sort((a, b) => b.at - a.at);
    for (const { name } of aged.slice(this.keep)) {
      await rm(join(this.evidence, name.replace(/\.json.*$/, '')), {
        recursive: true,
        force: true,
      });
      await rm(join(this.folder, name), { force: true });
    }
  }

  private async age(name: string): Promise<number> {
    return (await stat(join(this.folder, name)).catch(() => undefined))?.mtimeMs ?? 0;
  }

  private fileOf(gateRunId: string): string {
    return join(this.folder, `${gateRunId}.json`);
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
