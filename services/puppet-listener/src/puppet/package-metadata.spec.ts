import { describe, expect, it } from '@jest/globals';
import type { RunCommand } from '../host/command.js';
import { PackageMetadata } from './package-metadata.js';

function metadata(...codes: readonly number[]) {
  const calls: string[] = [];
  const run: RunCommand = (program, args) => {
    calls.push([program, ...args].join(' '));
    const code = codes[calls.length - 1] ?? 0;
    return Promise.resolve({ code, stdout: '', stderr: '', missing: false });
  };
  return { calls, metadata: new PackageMetadata('dnf', run) };
}

describe('what dnf has cached', () => {
  it('expires once for a deployment, and again for the next', async () => {
    const { calls, metadata: cached } = metadata();
    await Promise.all([cached.forgetFor('deployment-1'), cached.forgetFor('deployment-1')]);
    await cached.forgetFor('deployment-1');
    expect(calls).toEqual(['dnf -q clean expire-cache']);
    await cached.forgetFor('deployment-2');
    expect(calls).toHaveLength(2);
  });

  it('is tried again after dnf failed', async () => {
    const { calls, metadata: cached } = metadata(1);
    await cached.forgetFor('deployment-1');
    await cached.forgetFor('deployment-1');
    await cached.forgetFor('deployment-1');
    expect(calls).toHaveLength(2);
  });

  it('expires again for a stream that was long ago', async () => {
    const { calls, metadata: cached } = metadata();
    for (let i = 0; i <= 50; i++) await cached.forgetFor(`deployment-${i}`);
    await cached.forgetFor('deployment-0');
    expect(calls).toHaveLength(52);
  });
});
