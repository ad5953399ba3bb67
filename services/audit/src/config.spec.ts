import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@gantry/service-kit';
import { auditConfig } from './config.js';

/** The variables of the example; its secret files do not exist here, so each stands for its content. */
function example(): Record<string, string> {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name.replace(/_FILE$/, ''), value.join('=')];
    }),
  );
}

describe('the configuration', () => {
  it('is accepted as the example has it', () => {
    const config = loadConfig(auditConfig, example());
    expect(config.GANTRY_DATABASE_URL).toBe('postgres://audit@postgres/gantry');
    expect(config.GANTRY_FEED_POLL_MS).toBe(500);
  });

  it('needs a database, and says so', () => {
    const { GANTRY_DATABASE_URL: _dropped, ...rest } = example();
    expect(() => loadConfig(auditConfig, rest)).toThrow(/GANTRY_DATABASE_URL: is not set/);
  });
});
