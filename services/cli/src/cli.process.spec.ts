import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleCli, type Cli } from '../test/cli-process.js';
import { frame, json, startStubGateway, stream, type StubGateway } from '../test/stub-gateway.js';
import { deploymentView, ID } from '../test/views.js';

let stub: StubGateway;
let cli: Cli;
beforeAll(async () => {
  [stub, cli] = await Promise.all([startStubGateway(), bundleCli()]);
});
afterAll(() => Promise.all([stub.close(), cli.remove()]));
afterEach(() => stub.reset());

const DEPLOY = ['deploy', 'shop', '1.2.0-1', '--to', 'production'];
const EVENTS = `GET /deployments/${ID}/events`;
const accepted = json({ outcome: 'accepted', id: ID }, 201);
const view = (status: string, change: object = {}) => frame('view', deploymentView(status, change));

describe('the process exits', () => {
  it.each([
    [0, 'succeeded'],
    [3, 'refused'],
    [4, 'succeeded-with-failures'],
    [5, 'failed'],
    [6, 'rolled-back'],
    [7, 'rollback-failed'],
    [8, 'cancelled'],
    [10, 'superseded'],
    [10, 'expired'],
  ])('%d when the deployment ends %s', async (exitCode, status) => {
    stub.on('POST /deployments', accepted).on(EVENTS, stream([view('running'), view(status)]));
    expect(await cli.run([...DEPLOY, '--wait'], { GANTRY_SERVER: stub.url })).toMatchObject({
      exitCode,
      err: '',
    });
  });

  it('130 when interrupted', async () => {
    stub.on('POST /deployments', accepted).on(EVENTS, stream([view('running')]));
    const { exitCode, err } = await cli.interruptAt('running', [
      ...DEPLOY,
      '--wait',
      '--server',
      stub.url,
    ]);
    expect(exitCode).toBe(130);
    expect(err).toContain('goes on');
  });

  it('11 when nobody is there', async () => {
    const gone = await startStubGateway();
    await gone.close();
    const { exitCode, err } = await cli.run(['hosts', '--server', gone.url]);
    expect(exitCode).toBe(11);
    expect(err).toContain('nobody listens there');
  });

  it('2 when no server is known', async () => {
    const { exitCode, err } = await cli.run(['hosts']);
    expect(exitCode).toBe(2);
    expect(err).toContain('GANTRY_SERVER');
  });

  it('has colours only when asked for', async () => {
    stub.on(`GET /deployments/${ID}`, json(deploymentView('failed')));
    const env = { GANTRY_SERVER: stub.url };
    const colored = await cli.run(['show', ID], { ...env, FORCE_COLOR: '1' });
    expect(colored.out).toContain('\u001b[31mfailed');
    expect(
      (await cli.run(['show', ID], { ...env, FORCE_COLOR: '1', NO_COLOR: '1' })).out,
    ).not.toContain('\u001b');
  });
});

describe('the server\u2019s address', () => {
  afterEach(() => rm(join(cli.folder, '.gantry'), { recursive: true, force: true }));
  const file = async (text: string): Promise<void> => {
    await mkdir(join(cli.folder, '.gantry'), { recursive: true });
    await writeFile(join(cli.folder, '.gantry', 'server'), text);
  };

  it('is read from .gantry/server', async () => {
    stub.on(`GET /deployments/${ID}`, json(deploymentView('running')));
    await file(JSON.stringify({ url: stub.url }));
    expect(await cli.run(['show', ID])).toMatchObject({ exitCode: 0, err: '' });
  });

  it('must be one', async () => {
    await file('http://127.0.0.1');
    const { exitCode, err } = await cli.run(['show', ID]);
    expect(exitCode).toBe(2);
    expect(err).toContain('.gantry/server does not say');
  });
});
