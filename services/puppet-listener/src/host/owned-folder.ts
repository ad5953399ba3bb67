import { lstatSync, mkdirSync } from 'node:fs';

/** Thrown at start when the configuration or the folders cannot be trusted; the process exits with 78. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

/** Makes a folder only its owner may touch, and refuses one that somebody else could write into. */
export function ownedFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  requireOwned(path);
}

/** Refuses a folder that is a link, belongs to another user, or may be written by others. */
export function requireOwned(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new ConfigError(`${path} does not exist; create it.`);
  if (!stat.isDirectory())
    throw new ConfigError(`${path} is not a folder of its own (a link?); replace it by one.`);
  const mine = process.getuid?.() ?? 0;
  if (stat.uid !== mine && stat.uid !== 0) {
    throw new ConfigError(`${path} belongs to user ${stat.uid}; chown it to root.`);
  }
  if ((stat.mode & 0o022) !== 0)
    throw new ConfigError(`${path} may be written by others; chmod go-w it.`);
}
