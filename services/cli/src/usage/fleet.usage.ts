import { CliError } from '../cli-error.js';
import { acceptFleetChange, fleetChange } from '../commands/fleet.js';
import { EXIT } from '../exit-codes.js';
import type { CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

/** `fleet` and `fleet accept HASH`. */
export function addFleet(make: MakeCommand, run: Runner): void {
  make('fleet [action] [hash]', 'a change of the fleet file that takes away much: look, accept')
    .option('--reason <text>', 'why; needed to accept')
    .action(
      (
        action: string | undefined,
        hash: string | undefined,
        options: CommonOptions & { reason?: string },
      ) =>
        run(options, (context) => {
          if (action === undefined) return fleetChange(context);
          if (action !== 'accept')
            throw new CliError(EXIT.invalid, `fleet knows accept, not ${action}.`);
          if (hash === undefined || options.reason === undefined)
            throw new CliError(EXIT.invalid, 'fleet accept wants a hash and --reason.');
          return acceptFleetChange(context, hash, options.reason);
        }),
    );
}
