import { describe, expect, it } from '@jest/globals';
import { parseServersState } from './haproxy-cli.js';

const HEADER = '# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight';
const state = (...servers: string[]) => ['1', HEADER, ...servers].join('\n');

describe('servers state of HAProxy', () => {
  it.each([
    ['running', '2 0', true],
    ['starting with slow start', '1 0', true],
    ['running, disabled in the file but enabled since', '2 4', true],
    ['stopped', '0 0', false],
    ['draining', '2 8', false],
    ['in maintenance', '2 1', false],
    ['in maintenance of a server it tracks', '2 2', false],
  ])('%s', (_, columns, inService) => {
    const [member] = parseServersState(state(`3 shop 1 web1 10.0.0.1 ${columns} 1`));
    expect(member).toMatchObject({ name: 'web1', inService });
  });

  it('reads columns by name, not by place', () => {
    const text = '1\n# srv_admin_state srv_name srv_op_state\n8 web9 2\n';
    expect(parseServersState(text)).toEqual([
      { name: 'web9', operational: 2, administrative: 8, inService: false },
    ]);
  });
});
