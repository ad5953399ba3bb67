import { Certname } from '@gantry/contracts';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole } from '../host/bounded-file.js';
import { log } from '../host/log.js';
import { keyFact } from './key-fact.js';

/** What the scout works with. */
export interface ScoutParts {
  readonly folder: string;
  /** Tells the dispatcher; what is lost is told again. */
  readonly tell: (host: Certname, publicKey: string) => void;
  readonly nowMs: () => number;
}

interface Known {
  readonly stamp: string;
  readonly publicKey: string | undefined;
  readonly toldMs: number;
}

const NEVER: Known = { stamp: '', publicKey: undefined, toldMs: 0 };

const EVERY_MS = 3_000;
/** A listener must stay small: so many files at a time, the others the next time. */
const AT_ONCE = 100;
const AGAIN_MS = 600_000;
const MAX_FACTS_BYTES = 2_097_152;

/** Looks through the facts that hosts have sent to this Puppet server, and tells which key each host goes by. */
export class KeyScout {
  private readonly known = new Map<string, Known>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: ScoutParts) {}

  start(): void {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  look(): void {
    let left = AT_ONCE;
    for (const certname of this.certnames()) {
      if (left === 0) return;
      if (this.lookAt(certname)) left -= 1;
    }
  }

  private certnames(): readonly Certname[] {
    try {
      return readdirSync(this.parts.folder).flatMap((name) => certnameOf(name) ?? []);
    } catch (error) {
      log('warn', 'the facts of hosts cannot be read', { reason: String(error) });
      return [];
    }
  }

  /** Whether there was something to do. */
  private lookAt(certname: Certname): boolean {
    const path = join(this.parts.folder, `${certname}.json`);
    const stamp = stampOf(path);
    if (stamp === undefined) return false;
    const before = this.known.get(certname) ?? NEVER;
    const isSame = stamp === before.stamp;
    if (isSame && !this.isDue(before)) return false;
    const publicKey = isSame ? before.publicKey : keyIn(certname, path);
    const isNews = publicKey !== before.publicKey || this.isDue(before);
    if (publicKey !== undefined && isNews) this.parts.tell(certname, publicKey);
    const toldMs = isNews ? this.parts.nowMs() : before.toldMs;
    this.known.set(certname, { stamp, publicKey, toldMs });
    return true;
  }

  private isDue({ publicKey, toldMs }: Known): boolean {
    return publicKey !== undefined && this.parts.nowMs() - toldMs >= AGAIN_MS;
  }
}

const certnameOf = (name: string): Certname | undefined =>
  name.endsWith('.json') ? Certname.safeParse(name.slice(0, -'.json'.length)).data : undefined;

function stampOf(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : undefined;
}

function keyIn(certname: Certname, path: string): string | undefined {
  const text = readWhole(path, MAX_FACTS_BYTES);
  return text === undefined ? undefined : keyFact(certname, text);
}
