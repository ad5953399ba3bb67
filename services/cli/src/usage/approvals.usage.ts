import { approve, type ApproveOptions } from '../commands/approve.js';
import type { CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

const DECISIONS = {
  approve: 'agree to the plan of a deployment that waits for it; without --plan: show it',
  reject: 'do not agree to it: the deployment ends before it begins',
} as const;

/** `approve ID` and `reject ID`. */
export function addApprovals(make: MakeCommand, run: Runner): void {
  for (const decision of ['approve', 'reject'] as const)
    make(`${decision} <id>`, DECISIONS[decision])
      .option('--plan <hash>', 'the hash of the plan that you have looked at')
      .option('--reason <text>', 'why')
      .action((id: string, options: ApproveOptions & CommonOptions) =>
        run(options, (context) => approve(context, decision, id, options)),
      );
}
