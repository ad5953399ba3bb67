import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { FrameWriter } from './frame-writer.js';

/** Keeps what reaches it, one entry a system call would be made for. */
class Wire extends Writable {
  readonly calls: string[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.calls.push(chunk.toString());
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.calls.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString());
    done();
  }
}

describe('FrameWriter', () => {
  it('writes all frames of one turn at once, in their order', async () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire);
    writer.frame('SEND', { destination: '/queue/a' }).end('one');
    writer.frame('SEND', { destination: '/queue/a' }).end(Buffer.from('two'));
    writer.frame('ACK', { id: '7' }).end();
    expect(wire.calls).toEqual([]);
    await turn();
    expect(wire.calls).toEqual([
      'SEND\ndestination:/queue/a\n\none\0\nSEND\ndestination:/queue/a\n\ntwo\0\nACK\nid:7\n\n\0\n',
    ]);
    writer.frame('ACK', { id: '8' }).end();
    await turn();
    expect(wire.calls).toHaveLength(2);
  });

  it('escapes headers once the broker chose 1.2, and leaves out what has no value', async () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire);
    const headers = { id: 'a:b\\c\nd\re', absent: undefined, receipt: 3 };
    writer.frame('CONNECT', headers).end();
    writer.setVersion('1.2');
    writer.frame('ACK', headers).end();
    await turn();
    expect(wire.calls.join('')).toBe(
      'CONNECT\nid:a:b\\c\nd\re\nreceipt:3\n\n\0\nACK\nid:a\\cb\\\\c\\nd\\re\nreceipt:3\n\n\0\n',
    );
  });

  it('tells a frame that comes after the end of its connection', async () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire);
    wire.destroy();
    await turn();
    const errors: Error[] = [];
    writer
      .frame('SEND', {})
      .on('error', (error) => errors.push(error))
      .end('late');
    expect(writer.hasFinished()).toBe(true);
    expect(errors).toHaveLength(1);
    expect(wire.calls).toEqual([]);
  });
});
