import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { Broker } from './broker.js';
import { leftoversOf } from './leftovers.js';
import { stompAnswers } from './stomp-probe.js';
import { Workspace } from './workspace.js';

/** Sends frames as one principal and returns everything the broker says until it falls silent on `until`. */
function converse(broker: Broker, principal: string, frames: string[], until: RegExp) {
  const { login, passcode } = broker.credentials(principal);
  const hello = `CONNECT\naccept-version:1.2\nhost:lab\nlogin:${login}\npasscode:${passcode}\n\n\0`;
  return new Promise<string>((resolve, reject) => {
    let said = '';
    const socket = connect(broker.port, broker.host, () => socket.write(hello + frames.join('')));
    socket.on('error', reject);
    socket.on('close', () => resolve(said));
    socket.on('data', (data) => {
      said += data.toString();
      if (until.test(said)) socket.destroy();
    });
  });
}

const subscribe = (queue: string) =>
  `SUBSCRIBE\nid:1\ndestination:/queue/${queue}\nack:client-individual\nreceipt:sub\n\n\0`;
const send = (topic: string, body: string) =>
  `SEND\ndestination:/topic/${topic}\npersistent:true\nreceipt:sent\n\n${body}\0`;
const ENDED = /receipt-id:sub|receipt-id:sent|ERROR[^]*\0/;

describe('a private ActiveMQ', () => {
  let workspace: Workspace;
  let broker: Broker;

  beforeAll(async () => {
    workspace = await Workspace.open();
    broker = await Broker.start({ workspace });
  }, 120_000);

  afterAll(async () => {
    await broker.stop();
    await workspace.close();
  });

  it('lets nobody in with a wrong password', async () => {
    const wrong = { login: 'orchestrator', passcode: 'guess' };
    expect(await stompAnswers(broker.host, broker.port, wrong)).toBe(false);
  });

  it.each([
    'Consumer.host-web1.VirtualTopic.gantry.host.web1.commands',
    'Consumer.host-web1.VirtualTopic.gantry.host.web1.lab.commands',
    'Consumer.publisher.VirtualTopic.gantry.desired.versions',
  ])('lets a host read %s', async (queue) => {
    const said = await converse(broker, 'host', [subscribe(queue)], ENDED);
    expect(said).toContain('receipt-id:sub');
  });

  it.each([
    'Consumer.puppet-dispatcher.VirtualTopic.gantry.host.replies',
    'Consumer.orchestrator.VirtualTopic.gantry.deployment.commands',
  ])('does not let a host read %s', async (queue) => {
    const said = await converse(broker, 'host', [subscribe(queue)], ENDED);
    expect(said).toMatch(/ERROR[^]*not authorized/);
  });

  it('does not let a host command another host', async () => {
    const frame = send('VirtualTopic.gantry.host.web2.lab.commands', 'x');
    expect(await converse(broker, 'host', [frame], ENDED)).toMatch(/ERROR[^]*not authorized/);
  });

  it('keeps an unread message over kill -9, and loses it when wiped', async () => {
    const queue = 'Consumer.audit.VirtualTopic.gantry.log.events';
    await converse(broker, 'audit', [subscribe(queue)], ENDED);
    const topic = 'VirtualTopic.gantry.log.events';
    await converse(broker, 'orchestrator', [send(topic, 'kept')], ENDED);

    await broker.kill9();
    await broker.up();
    expect(await converse(broker, 'audit', [subscribe(queue)], /MESSAGE[^]*\0/)).toContain('kept');

    await broker.kill9();
    await broker.wipe();
    await broker.up();
    const resent = [subscribe(queue), send(topic, 'only this')];
    const said = await converse(broker, 'ops', resent, /MESSAGE[^]*\0/);
    expect(said).toContain('only this');
    expect(said).not.toContain('kept');
  }, 120_000);

  it('leaves no process and no file', async () => {
    await broker.stop();
    await workspace.close();
    expect(await leftoversOf(workspace)).toEqual([]);
  }, 60_000);
});
