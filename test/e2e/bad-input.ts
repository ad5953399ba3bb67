import { describe, expect, it } from '@jest/globals';
import type { Scenario } from '../dsl/scenario.js';
import type { System } from '../dsl/system.js';

const INVALID = 2;
const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';
const HOSTILE_IDS = [
  '../../etc/passwd',
  "1' OR '1'='1",
  '%00',
  'a\nb',
  '{{7*7}}',
  'x'.repeat(5_000),
];

/** What Gantry is asked for that it must refuse: clearly, and with nothing changed. */
export function badInput(system: () => System, { when, then }: Scenario): void {
  const deploy = (application: string, evr: string, environment: string) =>
    when.gantry('deploy', application, evr, '--to', environment, '--wait', '--json');

  describe('bad input', () => {
    it.each([
      ['unknown application', 'nope', '1.1.0-1', 'production', /nope.*shop/s],
      ['unknown environment', 'shop', '1.1.0-1', 'moon', /moon.*production/s],
      ['unknown build', 'shop', '9.9.9-1', 'production', /9\.9\.9-1/],
      ['name of an object method', 'constructor', '1.1.0-1', 'production', /constructor/],
      ['malformed version', 'shop', '1.1.0; rm -rf /', 'production', /evr/],
      ['empty version', 'shop', '', 'production', /evr/],
    ])('%s is refused', async (_what, application, evr, environment, says) => {
      await then.nothingChanges(
        async () => {
          const refused = await deploy(application, evr, environment);
          expect(refused).toMatchObject({ exitCode: INVALID });
          expect(refused.stdout + refused.stderr).toMatch(says);
          // The command line itself refuses what cannot be sent.
        },
        evr === '' ? 0 : 1,
      );
    });

    it('a host nobody knows is refused by name, and the known one beside it is not touched', async () => {
      await then.nothingChanges(async () => {
        const refused = await when.gantry('refresh', 'web1.lab', 'web9.lab', '--wait');
        expect(refused).toMatchObject({ exitCode: INVALID });
        expect(refused.stderr).toContain('web9.lab');
      }, 1);
    });

    it('ids that are empty, hostile or unknown are refused', async () => {
      await then.nothingChanges(async () => {
        for (const id of [...HOSTILE_IDS, UNKNOWN_ID, '']) {
          expect({ id, ...(await when.gantry('show', id)) }).toMatchObject({
            id,
            exitCode: INVALID,
          });
        }
        expect(await when.gantry('cancel', UNKNOWN_ID)).toMatchObject({ exitCode: INVALID });
      });
    });

    it.each([
      ['oversized', JSON.stringify({ reason: 'x'.repeat(2_000_000) }), 413],
      ['not JSON', '{"reason":', 400],
      ['of unknown fields', JSON.stringify({ reason: 'x', force: true }), 400],
      ['of repeated keys', '{"reason":"a","reason":"b"}', 400],
    ])('a body that is %s is refused as a problem', async (_what, body, status) => {
      await then.nothingChanges(async () => {
        const url = `${system().installation.url}/api/v1/deployments/${UNKNOWN_ID}/cancel`;
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(url, { method: 'POST', headers, body });
        expect(response.status).toBe(status);
        expect(response.headers.get('content-type')).toContain('application/problem+json');
        const problem = (await response.json()) as { code: string; detail: string; todo: string };
        expect(problem.code).not.toBe('');
        expect(problem.detail).not.toBe('');
      }, 1);
    });
  });
}
