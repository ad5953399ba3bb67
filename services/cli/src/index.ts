export { EXIT, EXIT_MEANINGS, exitCodeOf, type ExitCode } from './exit-codes.js';
