import {
  PuppetPublishRequested,
  PuppetQueryRequested,
  PuppetRunRequested,
  PuppetSurveyRequested,
  type AnyMessage,
} from '@gantry/contracts';
import type { Refused } from '@gantry/service-kit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { Bench, request } from '../../test/fakes.js';
import { RequestGate, type HostRequest } from './request-gate.js';

let bench: Bench;
let gate: RequestGate;
const noted: Refused[] = [];
beforeEach(() => {
  noted.length = 0;
  bench = new Bench();
  const notes = { note: (refused: Refused) => void noted.push(refused) };
  gate = new RequestGate(bench.metrics, bench.log, notes);
});
afterEach(() => rmSync(bench.folder, { recursive: true }));

const run = (host: string, epoch: number) => ({
  ...{ requestId: 'r-1', host, epoch, seq: epoch + 1, noop: false, wanted: [], health: null },
  ...{ runTimeoutMs: 60_000, waitForLockMs: 0, expiresInMs: 60_000 },
});
const publish = (host: string, epoch: number) => ({
  ...{ requestId: 'r-1', host, epoch, seq: epoch + 1, servers: ['puppet.lab'] },
  versions: [{ hieraKey: 'profile::shop::version', name: 'shop', evr: '1.2.0-1' }],
});
const fromLog = { streamversion: 7, position: '42' };

async function passes(
  definition: AnyMessage,
  data: object,
  place: object = fromLog,
): Promise<boolean> {
  let passed = false;
  const message = { ...request(definition, data), ...place } as HostRequest;
  await gate.pass(message, () => {
    passed = true;
    return Promise.resolve();
  });
  return passed;
}

describe('a request', () => {
  it.each([[{}], [{ position: '42' }], [{ streamversion: 7 }]])(
    'that the log does not tell of commands nobody, and is on record: %j',
    async (place) => {
      expect(await passes(PuppetRunRequested, run('web1.lab', 5), place)).toBe(false);
      expect(noted).toMatchObject([{ code: 'host-request-refused', what: 'puppet.run.requested' }]);
      expect(await passes(PuppetRunRequested, run('web1.lab', 4))).toBe(true);
    },
  );

  it('F-012 H-053 of an owner that was replaced commands nobody, of whichever kind', async () => {
    expect(await passes(PuppetPublishRequested, publish('web1.lab', 9))).toBe(true);
    expect(await passes(PuppetRunRequested, run('web1.lab', 9))).toBe(true);
    expect(await passes(PuppetRunRequested, run('web1.lab', 8))).toBe(false);
    expect(await passes(PuppetPublishRequested, publish('web1.lab', 8))).toBe(false);
    expect(await passes(PuppetRunRequested, run('web2.lab', 8))).toBe(true);
    expect(await passes(PuppetRunRequested, run('web1.lab', 10))).toBe(true);
    expect(noted.map(({ why }) => why.split(',')[0])).toEqual(['old-epoch', 'old-epoch']);
  });

  it('that only reads needs no owner', async () => {
    await passes(PuppetRunRequested, run('web1.lab', 9));
    const query = { requestId: 'q-1', host: 'web1.lab', epoch: 3, seq: 4, commandId: 'r-1' };
    expect(await passes(PuppetQueryRequested, query)).toBe(true);
    const survey = {
      requestId: 's',
      seq: 1,
      hosts: ['web1.lab'],
      packages: ['shop'],
      expiresInMs: 1_000,
    };
    expect(await passes(PuppetSurveyRequested, survey)).toBe(true);
  });
});
