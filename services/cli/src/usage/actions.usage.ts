import { act, type ActOptions } from '../commands/act.js';
import { liftQuarantine } from '../commands/lift-quarantine.js';
import { timeoutOption, type CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

/** `pause`, `resume`, `cancel`, `rollback` and `lift-quarantine`. */
export function addActions(make: MakeCommand, run: Runner): void {
  const descriptions = {
    pause: 'touch no further host until resumed',
    resume: 'go on',
    cancel: 'touch no further host, and end',
    rollback: 'bring every touched host back to what it had',
  } as const;
  for (const action of ['pause', 'resume', 'cancel', 'rollback'] as const) {
    const added = make(`${action} <id>`, descriptions[action])
      .option('--reason <text>', 'why', `${action} by CLI`)
      .action((id: string, options: ActOptions & CommonOptions) =>
        run(options, (context) => act(context, action, id, options)),
      );
    if (action === 'pause') continue;
    added.option('--wait', 'show progress and wait for the end').addOption(timeoutOption());
  }
  make('lift-quarantine <package> <evr>', 'allow a quarantined build again')
    .requiredOption('--reason <text>', 'why')
    .action((name: string, evr: string, options: CommonOptions & { reason: string }) =>
      run(options, (context) => liftQuarantine(context, name, evr, options.reason)),
    );
}
