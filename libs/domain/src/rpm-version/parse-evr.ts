import type { Evr } from '@gantry/contracts';

/** The three parts of a package's version; epoch 0 when none is written. */
export interface EvrParts {
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
}

/** Splits `epoch:version-release` at the first colon and the last hyphen, as rpm does. */
export function parseEvr(evr: Evr): EvrParts {
  const colon = evr.indexOf(':');
  const hyphen = evr.lastIndexOf('-');
  return {
    epoch: colon === -1 ? 0 : Number(evr.slice(0, colon)),
    version: evr.slice(colon + 1, hyphen),
    release: evr.slice(hyphen + 1),
  };
}
