import type { ParsedCommand } from './parse-command.js';

/**
 * What this host lets itself be told, whoever signed it: written by Puppet, not by Gantry, so that a stolen signing key still
 * cannot bring any package to any host. What is not named is not allowed.
 */
export interface LocalPolicy {
  /** Packages whose version a run may be asked to bring. */
  readonly packages: readonly string[];
  /** Only runs that change nothing. */
  readonly noopOnly: boolean;
}

/** Why the policy does not let the command in, in words for whoever sent it; undefined = it does. */
export function policyProblem(policy: LocalPolicy, command: ParsedCommand): string | undefined {
  if (command.action !== 'run') return undefined;
  const { wanted, noop } = command.data;
  if (policy.noopOnly && !noop)
    return 'this host takes runs without changes only (GANTRY_RUNS is noop)';
  const foreign = wanted.find(({ name }) => !policy.packages.includes(name));
  return foreign && `this host takes no ${foreign.name}: GANTRY_PACKAGES does not name it`;
}
