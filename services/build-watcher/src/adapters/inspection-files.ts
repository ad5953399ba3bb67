import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BuildInspection } from '@gantry/contracts';
import { z } from 'zod';
import type { InspectionKey, InspectionStore } from '../ports/inspection-store.port.js';

const Line = z.object({ package: z.string(), keys: z.string(), inspection: BuildInspection });

/** One line for every package in a file; lines of other keys, or that were cut short, go at the next start. */
export class InspectionFiles implements InspectionStore {
  private keys: string | undefined;
  private found = new Map<string, BuildInspection>();

  constructor(private readonly file: string) {}

  async find(key: InspectionKey): Promise<BuildInspection | undefined> {
    if (this.keys !== key.keys) await this.load(key.keys);
    return this.found.get(key.package);
  }

  async keep(key: InspectionKey, inspection: BuildInspection): Promise<void> {
    this.found.set(key.package, inspection);
    await appendFile(this.file, lineOf(key, inspection));
  }

  private async load(keys: string): Promise<void> {
    const text = await readFile(this.file, 'utf8').catch(() => '');
    const mine = text.split('\n').flatMap((line) => {
      const read = parse(line);
      return read?.keys === keys ? [read] : [];
    });
    this.found = new Map(mine.map((one) => [one.package, one.inspection]));
    await mkdir(dirname(this.file), { recursive: true });
    const kept = [...this.found].map(([name, found]) => lineOf({ package: name, keys }, found));
    await writeFile(`${this.file}.new`, kept.join(''), { mode: 0o600 });
    await rename(`${this.file}.new`, this.file);
    this.keys = keys;
  }
}

const lineOf = (key: InspectionKey, inspection: BuildInspection): string =>
  `${JSON.stringify({ ...key, inspection })}\n`;

function parse(line: string): z.infer<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
