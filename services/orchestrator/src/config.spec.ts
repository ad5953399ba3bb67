import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@gantry/service-kit';
import { orchestratorConfig } from './config.js';

/** The variables of the example; its secret files do not exist here, so each stands for its content. */
function example(): Record<string, string> {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name.replace(/_FILE$/, /FLEET|MARK/.test(name) ? '_FILE' : ''), value.join('=')];
    }),
  );
}

describe('the configuration', () => {
  it('is accepted as the example has it', () => {
    const config = loadConfig(orchestratorConfig, example());
    expect(config.GANTRY_FLEET_FILE).toBe('/etc/gantry/fleet.yaml');
    expect([config.GANTRY_TIMER_POLL_MS, config.GANTRY_MEND_MS]).toEqual([200, 60_000]);
  });

  it('needs a database and a fleet file, and says so of both at once', () => {
    const { GANTRY_DATABASE_URL: _url, GANTRY_FLEET_FILE: _file, ...rest } = example();
    expect(() => loadConfig(orchestratorConfig, rest)).toThrow(/GANTRY_DATABASE_URL: is not set/);
    expect(() => loadConfig(orchestratorConfig, rest)).toThrow(/GANTRY_FLEET_FILE: is not set/);
  });
});
