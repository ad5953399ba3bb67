import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { Broker } from './broker.js';
import { leftoversOf } from './leftovers.js';
import { brokerSocket, connectFrame, stompAnswers } from './stomp-probe.js';
import { Workspace } from './workspace.js';

/** Sends frames as one principal and returns everything the broker says until it falls silent on `until`. */
function converse(broker: Broker, principal: string, frames: string[], until: RegExp) {
  const account = broker.credentials(principal);
  const hello = connectFrame(account);
  return new Promise<string>((resolve, reject) => {
    let said = '';
    const socket = brokerSocket(broker, account, () => socket.write(hello + frames.join('')));
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
const write = (destination: string) =>
  `SEND\ndestination:${destination}\npersistent:true\nreceipt:sent\n\nforged\0`;

/** TCP ports a process listens on, by what the kernel says. */
async function listeningPorts(pid: number): Promise<readonly number[]> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')),
  );
  const sockets = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  const rows = tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)));
  return rows
    .filter((row) => row[3] === '0A' && sockets.has(row[9] ?? ''))
    .map((row) => Number.parseInt(row[1]?.split(':')[1] ?? '', 16));
}

const ENDED = /receipt-id:sub|receipt-id:sent|ERROR[^]*\0/;

describe('a private ActiveMQ', () => {
  let workspace: Workspace;
  let broker: Broker;

  beforeAll(async () => {
    workspace = await Workspace.open();
    broker = await Broker.start({ workspace });
  }, 120_000);

  const asHost = (frame: string) => converse(broker, 'host.web1.lab', [frame], ENDED);

  afterAll(async () => {
    await broker.stop();
    await workspace.close();
  });

  it.each([
    'deployment.commands',
    'lb.observations',
    'puppet.observations',
    'builds',
    'log.events',
  ])('H-043 does not let a host say anything in %s', async (topic) => {
    const said = await asHost(write(`/topic/VirtualTopic.gantry.${topic}`));
    expect(said).toMatch(/ERROR[^]*not authorized/);
  });

  it('H-042 opens the one port of STOMP and nothing else', async () => {
    expect(await listeningPorts(broker.pid ?? 0)).toEqual([broker.port]);
  });

  it.each([
    ['a negative length', 'SEND\ndestination:/topic/gantry.host.log\ncontent-length:-1\n\nx\0'],
    ['a huge length', 'SEND\ndestination:/topic/gantry.host.log\ncontent-length:9000000000\n\nx\0'],
    ['a hundred thousand headers', `SEND\n${'a:b\n'.repeat(100_000)}\n\0`],
    ['a header without end', `SEND\na:${'x'.repeat(4_000_000)}`],
    ['no command at all', `${'\u0001'.repeat(100_000)}\n\n\0`],
  ])('H-036 survives %s', async (_what, frame) => {
    const account = broker.credentials('host.web1.lab');
    const hello = connectFrame(account);
    await new Promise<void>((resolve) => {
      const socket = brokerSocket(broker, account, () => socket.end(hello + frame));
      socket.on('error', () => resolve()).on('close', () => resolve());
      socket.resume();
    });
    const { orchestrator } = { orchestrator: broker.credentials('orchestrator') };
    expect(await stompAnswers(broker.host, broker.port, orchestrator)).toBe(true);
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
