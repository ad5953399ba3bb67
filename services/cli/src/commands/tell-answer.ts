import type { CommandAnswer } from '@gantry/client';
import { printJson, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { plain } from '../terminal.js';

/** Tells what became of a command that is not waited for. */
export function tellAnswer(context: Context, answer: CommandAnswer, accepted: string): ExitCode {
  if (context.json) printJson(context, answer);
  else
    say(
      context,
      answer.outcome === 'accepted' ? accepted : `Nothing to do: ${plain(answer.because)}`,
    );
  return EXIT.ok;
}
