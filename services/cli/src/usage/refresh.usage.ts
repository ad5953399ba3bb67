import { refresh, type RefreshOptions } from '../commands/refresh.js';
import { timeoutOption, wholeNumber, type CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

/** `refresh`. */
export function addRefresh(make: MakeCommand, run: Runner): void {
  make('refresh <host...>', 'run Puppet on hosts without a deployment')
    .option('--noop', 'change nothing: see what would change')
    .option('--reason <text>', 'why', 'refresh by CLI')
    .option('--concurrency <number>', 'hosts at once', wholeNumber(1, 100), 5)
    .option('--wait', 'wait for the end; exit code 0 only when every host converged')
    .addOption(timeoutOption())
    .action((names: string[], options: RefreshOptions & CommonOptions) =>
      run(options, (context) => refresh(context, names, options)),
    );
}
