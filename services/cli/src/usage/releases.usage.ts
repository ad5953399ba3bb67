import {
  actOnRelease,
  answerGate,
  release,
  releases,
  startRelease,
  why,
  type ReleaseOptions,
} from '../commands/releases.js';
import { list, timeoutOption, wholeNumber, type CommonOptions } from '../options.js';
import type { MakeCommand, Runner } from './make-command.js';

const WAIT = 'follow it to its end; the exit code tells how it ended';

type Reasoned = CommonOptions & { readonly reason: string };

/** Builds on their way: what there is, why one is held, and the few things a person says to them. */
export function addReleases(make: MakeCommand, run: Runner): void {
  looking(make, run);
  make('release-start <pipeline> <evr>', 'send a build on its way; a hotfix leaves stages out')
    .option('--skip <environments>', 'leave these stages out, with commas', list, [])
    .requiredOption('--reason <text>', 'why')
    .option('--wait', WAIT)
    .addOption(timeoutOption())
    .action(
      (pipeline: string, evr: string, options: Reasoned & ReleaseOptions & { skip: string[] }) =>
        run(options, (context) => {
          const { skip, reason } = options;
          return startRelease(context, { pipeline, evr, skip, reason }, options);
        }),
    );
  for (const action of ['stop', 'pause'] as const)
    make(`release-${action} <id>`, MEANING[action])
      .requiredOption('--reason <text>', 'why')
      .action((id: string, options: Reasoned) =>
        run(options, (context) => actOnRelease(context, action, id, { reason: options.reason })),
      );
  make('release-resume <id>', MEANING.resume)
    .option(
      '--accept',
      'take gates that said neither yes nor no as passed, instead of asking again',
    )
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: Reasoned & { accept?: boolean }) =>
      run(options, (context) =>
        actOnRelease(context, 'resume', id, {
          reason: options.reason,
          how: options.accept === true ? 'accept' : 'again',
        }),
      ),
    );
  make('release-answer <id> <gate> <verdict>', 'answer a gate that asks a person: pass or fail')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, gate: string, verdict: string, options: Reasoned) =>
      run(options, (context) => answerGate(context, id, gate, { verdict, reason: options.reason })),
    );
}

function looking(make: MakeCommand, run: Runner): void {
  make('releases', 'builds on their way through their pipelines, the newest first')
    .option('--pipeline <name>', 'of this pipeline only')
    .option('--limit <number>', 'at most so many', wholeNumber(1, 500), 20)
    .action((options: CommonOptions & { pipeline?: string; limit: number }) =>
      run(options, (context) => {
        const { pipeline, limit } = options;
        return releases(context, { limit, ...(pipeline === undefined ? {} : { pipeline }) });
      }),
    );
  make('release <id>', 'one release: its stages, its gates, where the time went')
    .option('--wait', WAIT)
    .addOption(timeoutOption())
    .action((id: string, options: CommonOptions & ReleaseOptions) =>
      run(options, (context) => release(context, id, options)),
    );
  make('why <application> <evr>', 'why a build is, or is not, deployed: the rule, and when it ends')
    .option('--to <environment>', 'there only')
    .action((application: string, evr: string, options: CommonOptions & { to?: string }) =>
      run(options, (context) => why(context, application, evr, options.to)),
    );
}

const MEANING = {
  stop: 'let a release go no further',
  pause: 'let a release wait where it stands',
  resume: 'let a paused release go on',
} as const;
