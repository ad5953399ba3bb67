import { CliError } from '../cli-error.js';
import { hosts } from '../commands/lists.js';
import { resyncHost } from '../commands/resync-host.js';
import { EXIT } from '../exit-codes.js';
import type { CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

type Options = CommonOptions & { readonly reason?: string; readonly publisher?: boolean };

/** `hosts` and `hosts resync HOST`. */
export function addHosts(make: MakeCommand, run: Runner): void {
  make('hosts [action] [host]', 'hosts: versions, last runs, whether they are heard; resync one')
    .option('--reason <text>', 'why; needed to resync')
    .option('--publisher', 'the publisher beside a Puppet server, not the host\u2019s own listener')
    .action((action: string | undefined, host: string | undefined, options: Options) =>
      run(options, (context) => {
        if (action === undefined) return hosts(context);
        if (action !== 'resync')
          throw new CliError(EXIT.invalid, `hosts knows resync, not ${action}.`);
        if (host === undefined || options.reason === undefined)
          throw new CliError(EXIT.invalid, 'hosts resync wants a host and --reason.');
        const role = options.publisher === true ? 'publisher' : 'agent';
        return resyncHost(context, { host, role, reason: options.reason });
      }),
    );
}
