import { describe, expect, it } from '@jest/globals';
import { refusedVariables } from './refused-variables.js';

describe('H-076 variables of a gate', () => {
  it.each([
    'PATH',
    'path',
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'NODE_OPTIONS',
    'BASH_ENV',
    'ENV',
    'IFS',
    'PYTHONPATH',
    'PERL5OPT',
    'RUBYOPT',
    'JAVA_TOOL_OPTIONS',
    'GIT_SSH_COMMAND',
    'GANTRY_GATE_RUN',
    'SELENIUM_CHROME',
  ])('%s may not be set: it chooses what runs', (name) => {
    expect(refusedVariables({ [name]: 'x', FINE: 'y' })).toEqual([name]);
  });

  it('others may', () => {
    expect(refusedVariables({ BASE_URL: 'x', LANG: 'C', TIMEOUT: '3' })).toEqual([]);
  });
});
