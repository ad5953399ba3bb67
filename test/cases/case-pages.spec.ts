import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./write-case-pages.mjs', import.meta.url));

describe('the pages of faults and hostile input', () => {
  it('name the tests there are, and no test names an unknown case', () => {
    const { status, stderr } = spawnSync('node', [PROGRAM, '--check'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
