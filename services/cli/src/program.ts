import { Command, type OutputConfiguration } from 'commander';
import { EXIT_MEANINGS } from './exit-codes.js';
import { common, named } from './options.js';
import { addActions } from './usage/actions.usage.js';
import { addApprovals } from './usage/approvals.usage.js';
import { addDeploy } from './usage/deploy.usage.js';
import { addFleet } from './usage/fleet.usage.js';
import { addHosts } from './usage/hosts.usage.js';
import { addHolds } from './usage/holds.usage.js';
import { addLists } from './usage/lists.usage.js';
import type { MakeCommand, Runner } from './usage/make-command.js';
import { addParked } from './usage/parked.usage.js';
import { addRefresh } from './usage/refresh.usage.js';
import { addReleases } from './usage/releases.usage.js';

/** All commands. */
export function program(run: Runner, output: OutputConfiguration): Command {
  const root = new Command('gantry')
    // Before any command is made: they inherit these two.
    .configureOutput(output)
    .exitOverride()
    .description('Deploy builds to fleets that Puppet configures, and watch over them.')
    .version('0.1.0')
    .showHelpAfterError('Try: gantry --help')
    .addHelpText('after', exitCodeHelp());
  const make: MakeCommand = (usage, description) => {
    const command = common(root.command(usage).description(description));
    for (const argument of command.registeredArguments)
      if (!argument.variadic) argument.argParser(named);
    return command;
  };
  const all = [
    addDeploy,
    addActions,
    addApprovals,
    addLists,
    addHosts,
    addParked,
    addRefresh,
    addReleases,
    addHolds,
    addFleet,
  ];
  for (const add of all) add(make, run);
  return root;
}

function exitCodeHelp(): string {
  const lines = EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}\n\nMore: docs/exit-codes.md`;
}
