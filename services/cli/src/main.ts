#!/usr/bin/env node
import { EXIT } from './exit-codes.js';
import { processTerminal } from './process-terminal.js';
import { run } from './run.js';

/** Ctrl-C once ends the waiting in good order; twice ends the process. */
function interruptSignal(): AbortSignal {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  return interrupt.signal;
}

// Whoever reads the output may stop reading (`gantry deployments | head`); what was waited for is then not known to succeed.
process.stdout.on('error', () => process.exit(EXIT.unexpected));

process.exitCode = await run(process.argv.slice(2), {
  terminal: processTerminal(),
  env: process.env,
  cwd: process.cwd(),
  signal: interruptSignal(),
});
