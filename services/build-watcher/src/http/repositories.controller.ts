import { Controller, Get, Inject } from '@nestjs/common';
import type { RepositoryStatus } from '../watch/repository-watcher.js';
import { WatchLoops } from '../watch/watch-loops.js';

/** For operators: what every repository shows, as of when, and what is wrong with it. */
@Controller('repositories')
export class RepositoriesController {
  constructor(@Inject(WatchLoops) private readonly loops: WatchLoops) {}

  @Get()
  list(): readonly RepositoryStatus[] {
    return this.loops.status;
  }
}
