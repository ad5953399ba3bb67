import { CliError } from '../cli-error.js';
import { parked, settleParked } from '../commands/parked.js';
import { EXIT } from '../exit-codes.js';
import type { CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

/** `parked`, `parked replay KEY` and `parked drop KEY`. */
export function addParked(make: MakeCommand, run: Runner): void {
  make('parked [action] [key]', 'messages that a service could not handle: list, replay, drop')
    .option('--reason <text>', 'why; needed to replay or drop')
    .action(
      (
        action: string | undefined,
        key: string | undefined,
        options: CommonOptions & { reason?: string },
      ) =>
        run(options, (context) => {
          if (action === undefined) return parked(context);
          if (action !== 'replay' && action !== 'drop')
            throw new CliError(EXIT.invalid, `parked knows replay and drop, not ${action}.`);
          if (key === undefined || options.reason === undefined)
            throw new CliError(EXIT.invalid, `parked ${action} wants a key and --reason.`);
          return settleParked(context, action, key, options.reason);
        }),
    );
}
