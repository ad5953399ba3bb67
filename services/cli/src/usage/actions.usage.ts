import { act, type ActOptions } from '../commands/act.js';
import { actOnHost } from '../commands/act-on-host.js';
import { changeLimits, type LimitsOptions } from '../commands/change-limits.js';
import { liftQuarantine } from '../commands/lift-quarantine.js';
import { timeoutOption, wholeNumber, type CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

const HOST_ACTIONS = {
  skip: 'leave a host that waits for its turn as it is',
  retry:
    'give a host that failed or was skipped another turn; what is out goes back only with its proof',
} as const;

/** `pause`, `resume`, `cancel`, `rollback`, `skip`, `retry`, `limits` and `lift-quarantine`. */
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
  for (const action of ['skip', 'retry'] as const) {
    make(`${action} <id> <host>`, HOST_ACTIONS[action])
      .requiredOption('--reason <text>', 'why')
      .action((id: string, host: string, options: CommonOptions & { reason: string }) =>
        run(options, (context) => actOnHost(context, { id, host, action, reason: options.reason })),
      );
  }
  make('limits <id>', 'change how many may be out at once, or how many failures are put up with')
    .requiredOption('--reason <text>', 'why')
    .option('--max-out <n>', 'hosts that may be out of service at once', wholeNumber(1, 1_000))
    .option('--failure-budget <n>', 'hosts that may fail before it stops', wholeNumber(0, 1_000))
    .action((id: string, options: CommonOptions & LimitsOptions) =>
      run(options, (context) => changeLimits(context, id, options)),
    );
  make('lift-quarantine <package> <evr>', 'allow a quarantined build again')
    .requiredOption('--reason <text>', 'why')
    .action((name: string, evr: string, options: CommonOptions & { reason: string }) =>
      run(options, (context) => liftQuarantine(context, name, evr, options.reason)),
    );
}
