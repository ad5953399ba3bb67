import type { Branch } from './branches.js';

const BRANCH_OF: readonly (readonly [text: string, branch: Branch])[] = [
  ['"msg":"observation ignored"', 'observation ignored'],
  ['"msg":"timer failed, trying again"', 'timer failed'],
  ['"msg":"claims and timer mended from the log"', 'tables mended'],
  ['"msg":"late request dropped"', 'late request dropped'],
  ['"msg":"the drain was lost and is set again"', 'drain set again'],
  [
    '"msg":"a host under work was in service again and is taken out"',
    'watch took a host out again',
  ],
  ['"kind":"stale-epoch"', 'stale epoch refused by lb-controller'],
  ['"kind":"capacity"', 'drain refused for capacity'],
  ['"msg":"a drain failed"', 'drain failed'],
  ['"msg":"an enable failed"', 'enable failed'],
];

/** Which rare branch a log line tells of. */
export function branchOfLine(line: string): Branch | undefined {
  return BRANCH_OF.find(([text]) => line.includes(text))?.[1];
}
