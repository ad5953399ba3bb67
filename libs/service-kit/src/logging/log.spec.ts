import { describe, expect, it } from '@jest/globals';
import { GantryError } from '../errors/gantry-error.js';
import { withLogContext } from './log-context.js';
import { Log } from './log.js';

function capture(level: 'error' | 'warn' | 'log' | 'debug' = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  return { lines, log: new Log({ service: 'audit', level, write }) };
}

describe('Log', () => {
  it('writes a constant message and fields, with the service', () => {
    const { lines, log } = capture();
    log.log('message handled', { ms: 3 });
    expect(lines).toMatchObject([
      { level: 'log', service: 'audit', msg: 'message handled', ms: 3 },
    ]);
  });

  it('carries the context of what is being handled, however deep and however late', async () => {
    const { lines, log } = capture();
    await withLogContext({ correlationId: 'c', subject: 'deployment-1' }, async () => {
      await Promise.resolve();
      withLogContext({ messageId: 'm' }, () => log.warn('inner'));
    });
    log.warn('outside');
    expect(lines[0]).toMatchObject({ correlationId: 'c', subject: 'deployment-1', messageId: 'm' });
    expect(lines[1]).not.toHaveProperty('correlationId');
  });

  it('leaves out what is quieter than asked for', () => {
    const { lines, log } = capture('warn');
    log.debug('d');
    log.log('l');
    log.warn('w');
    log.error('e');
    expect(lines.map(({ msg }) => msg)).toEqual(['w', 'e']);
  });

  it('lets no field replace what the line says of itself', () => {
    const { lines, log } = capture();
    log.log('real', { msg: 'forged', service: 'forged', level: 'error' });
    expect(lines).toMatchObject([{ msg: 'real', service: 'audit', level: 'log' }]);
  });

  it('writes errors with their classification and cause, ours without a stack', () => {
    const { lines, log } = capture();
    const cause = new Error('ECONNRESET');
    log.error('failed', { error: new GantryError('unavailable', 'lb.x', 'gone', { cause }) });
    expect(lines[0]).toMatchObject({
      error: {
        kind: 'unavailable',
        code: 'lb.x',
        message: 'gone',
        cause: { message: 'ECONNRESET' },
      },
    });
    expect(lines[0]?.['error']).not.toHaveProperty('stack');
  });

  it('loses no line to a field that JSON cannot hold', () => {
    const { lines, log } = capture();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    log.log('kept', { loop, count: 12n });
    expect(lines).toMatchObject([{ msg: 'kept', loop: '(not writable as JSON)' }]);
  });
});
