import { holds, liftHold, placeHold, type ScopeOptions } from '../commands/holds.js';
import type { CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

type HoldOptions = CommonOptions &
  ScopeOptions & { readonly reason: string; readonly until?: string; readonly keep?: string };

/** What people hold back: `holds`, `hold KIND`, `lift ID`. */
export function addHolds(make: MakeCommand, run: Runner): void {
  make('holds', 'what is held back, by whom, why, until when')
    .option('--all', 'ended ones too')
    .action((options: CommonOptions & { all?: boolean }) =>
      run(options, (context) => holds(context, options.all === true)),
    );
  make('hold <kind>', 'lock, freeze, pin, or stop-the-line; without a scope: everything')
    .option('--environment <name>', 'there')
    .option('--application <name>', 'of this application')
    .option('--pool <name>', 'whatever is in this pool')
    .option('--keep <version>', 'what a pin keeps, such as 1.4')
    .option('--until <instant>', 'ends by itself then, such as 2026-12-24T18:00:00Z')
    .requiredOption('--reason <text>', 'why')
    .action((kind: string, options: HoldOptions) =>
      run(options, (context) => {
        const { reason, until, environment, application, pool, keep } = options;
        const on = {
          ...(environment === undefined ? {} : { environment }),
          ...(application === undefined ? {} : { application }),
          ...(pool === undefined ? {} : { pool }),
          ...(keep === undefined ? {} : { version: keep }),
        };
        return placeHold(context, kind, on, { reason, ...(until === undefined ? {} : { until }) });
      }),
    );
  make('lift <id>', 'take a hold away before its time')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: CommonOptions & { reason: string }) =>
      run(options, (context) => liftHold(context, id, options.reason)),
    );
}
