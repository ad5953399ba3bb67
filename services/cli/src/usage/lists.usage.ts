import { attention, builds, deployments, show } from '../commands/lists.js';
import { status } from '../commands/status.js';
import { wholeNumber, type CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

const LIMIT = 20;

/** Everything that only looks. */
export function addLists(make: MakeCommand, run: Runner): void {
  const limit = wholeNumber(1, 500);
  make('status', 'what runs where, what is under way, what needs a person').action(
    (options: CommonOptions) => run(options, status),
  );
  make('deployments', 'deployments, the newest first')
    .option('--application <name>', 'of this application only')
    .option('--environment <name>', 'in this environment only')
    .option('--limit <number>', 'at most so many', limit, LIMIT)
    .action(({ server, json, ...filter }: CommonOptions & { limit: number }) =>
      run({ ...(server === undefined ? {} : { server }), json: json === true }, (context) =>
        deployments(context, filter),
      ),
    );
  make('show <id>', 'one deployment with its hosts').action((id: string, options: CommonOptions) =>
    run(options, (context) => show(context, id)),
  );
  make('builds [package]', 'builds seen in the repositories')
    .option('--limit <number>', 'at most so many', limit, LIMIT)
    .action((name: string | undefined, options: CommonOptions & { limit: number }) =>
      run(options, (context) => builds(context, name, options.limit)),
    );
  make('attention', 'what needs a person')
    .option('--all', 'closed items too')
    .action((options: CommonOptions & { all?: boolean }) =>
      run(options, (context) => attention(context, options.all === true)),
    );
}
