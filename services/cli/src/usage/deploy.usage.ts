import { deploy, type DeployOptions } from '../commands/deploy.js';
import { watch, type WatchCommandOptions } from '../commands/watch.js';
import { list, timeoutOption, type CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

/** `deploy` and `watch`. */
export function addDeploy(make: MakeCommand, run: Runner): void {
  make('deploy <application> <evr>', 'bring a build to an environment')
    .requiredOption('--to <environment>', 'the environment')
    .option('--reason <text>', 'why', 'deploy by CLI')
    .option('--accept <codes>', 'codes of findings you have read, with commas', list)
    .option('--yes', 'accept every finding that may be accepted')
    .option('--confirm <environment>', 'the environment once more, where it wants that')
    .option('--wait', 'show progress and wait for the end; the exit code tells how it ended')
    .option('--story', 'with --wait: show the Puppet runs\u2019 own lines')
    .addOption(timeoutOption())
    .action((application: string, evr: string, options: DeployOptions & CommonOptions) =>
      run(options, (context) => deploy(context, { ...options, application, evr })),
    );
  make('watch <id>', 'follow a deployment to its end')
    .option('--story', 'show the Puppet runs\u2019 own lines')
    .addOption(timeoutOption())
    .action((id: string, options: WatchCommandOptions & CommonOptions) =>
      run(options, (context) => watch(context, id, options)),
    );
}
