import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RefusalNotes } from '@gantry/service-kit';
import { boot, type Booted } from '../../test/boot.js';
import { good, postTo, raw } from '../../test/calls.js';

const DEPLOYMENTS = '/api/v1/deployments';
const refusedBy = (code: string) => () => ({
  outcome: 'refused',
  code,
  message: 'no',
  todo: '',
  status: 'conflict',
  findings: [],
});

describe('what is refused goes on record', () => {
  let gateway: Booted;
  beforeEach(async () => {
    gateway = await boot({ GANTRY_ACTOR: 'anna' });
  });
  afterEach(() => gateway.close());
  const onRecord = () => gateway.bus.published.map(({ data }) => data);

  it('I-14 a refused command is one event: who, from where, what and why', async () => {
    gateway.bus.on('deployment.request', refusedBy('deployment.unknown-build'));
    const response = await postTo(gateway, `${DEPLOYMENTS}?x=secret`, good);
    expect(response.status).toBe(400);
    expect((await postTo(gateway, DEPLOYMENTS, good)).status).toBe(409);
    expect(onRecord()).toEqual([
      expect.objectContaining({ code: 'request.invalid', what: `POST ${DEPLOYMENTS}` }),
      {
        who: 'anna',
        from: '127.0.0.1',
        what: `POST ${DEPLOYMENTS}`,
        code: 'deployment.unknown-build',
        why: 'no',
        times: 1,
      },
    ]);
    expect(JSON.stringify(onRecord())).not.toContain('secret');
  });

  it('I-14 bad bodies, foreign pages and unknown hosts are on record, one event each', async () => {
    await postTo(gateway, DEPLOYMENTS, '{"application":');
    await postTo(gateway, DEPLOYMENTS, good, { origin: 'https://evil.example' });
    await raw(gateway, { host: 'evil.example' });
    expect(onRecord().map((d) => d['code'])).toEqual([
      'request.bad-json',
      'request.foreign-origin',
      'request.unknown-host',
    ]);
  });

  it('what is only read, and is not there, is nobody\u2019s refusal', async () => {
    await fetch(`${gateway.url}/api/v1/nothing`);
    await fetch(`${gateway.url}${DEPLOYMENTS}?limit=x`);
    expect(onRecord()).toEqual([]);
  });

  it('I-17 whoever is refused a thousand times fills no log: the rest is counted and told at the end', async () => {
    for (let n = 0; n < 100; n++) await postTo(gateway, DEPLOYMENTS, {});
    expect(onRecord()).toHaveLength(20);
    await gateway.app.get(RefusalNotes).now();
    const told = onRecord();
    expect(told).toHaveLength(21);
    expect(told.reduce((sum, d) => sum + Number(d['times']), 0)).toBe(100);
  });
});
