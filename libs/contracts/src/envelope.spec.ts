import { describe, expect, it } from '@jest/globals';
import { dataschemaOf, Envelope, schemaVersionOf } from './envelope.js';

const good = {
  specversion: '1.0',
  id: '0199d0c4-5b2e-7f61-8d0a-3c5e7a9b1d2f',
  type: 'deployment.started',
  source: '/gantry/orchestrator/orch-1',
  subject: 'deployment-0199d0c4-5b2e-7f61-8d0a-3c5e7a9b1d2f',
  time: '2026-03-10T09:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: 'urn:gantry:deployment.started:1',
  correlationid: '0199d0c4-5b2e-7f61-8d0a-000000000001',
  causationid: '0199d0c4-5b2e-7f61-8d0a-000000000002',
  actor: 'u-7f3a91',
  data: {},
};

describe('Envelope', () => {
  it('takes a CloudEvent with our extensions, and drops what it does not know', () => {
    expect(Envelope.parse({ ...good, streamversion: 3, position: 'MTA0', later: 1 })).toEqual({
      ...good,
      streamversion: 3,
      position: 'MTA0',
    });
  });

  it.each([
    ['another version of CloudEvents', { specversion: '0.3' }],
    ['an id that is no UUID', { id: '1' }],
    ['a type that is not ours', { type: 'Deployment Started' }],
    ['a source that is not ours', { source: '/other/service' }],
    [
      'a subject that is no stream: a line break would become a header',
      { subject: 'deployment-1\nx:y' },
    ],
    ['local time: order never comes from it, but people read it', { time: '2026-03-10T09:00:00' }],
    ['data that is not JSON', { datacontenttype: 'text/xml' }],
    ['a schema without a version', { dataschema: 'urn:gantry:deployment.started' }],
    ['an actor that could be a name with spaces', { actor: 'Kim Lee' }],
    ['a stream version of 0: they begin at 1', { streamversion: 0 }],
    ['data that is a list', { data: [] }],
    ['no data', { data: undefined }],
  ])('refuses %s', (_title, change) => {
    expect(Envelope.safeParse({ ...good, ...change }).success).toBe(false);
  });
});

describe('dataschema', () => {
  it.each([
    ['deployment.started', 1],
    ['deployment.host-run-finished', 12],
  ])('of %s version %d says both, and gives the version back', (type, version) => {
    const dataschema = dataschemaOf(type, version);
    expect(dataschema).toBe(`urn:gantry:${type}:${version}`);
    expect(Envelope.shape.dataschema.safeParse(dataschema).success).toBe(true);
    expect(schemaVersionOf({ dataschema })).toBe(version);
  });
});
