import { GantryError, type Log } from '@gantry/service-kit';
import type { FeedReader } from './feed-reader.js';
import type { Generation, ReadModels } from './read-models.port.js';

/** Folds the read models anew from the first event, beside the present ones, and lets them take over when they have caught up. */
export class Rebuild {
  constructor(
    private readonly reader: FeedReader,
    private readonly models: ReadModels,
    private readonly log: Log,
  ) {}

  run(): Promise<Generation> {
    return this.models.rebuilding(async (generation) => {
      this.log.log('rebuild begins', { generation });
      let position = '0:0';
      for (;;) {
        position = await this.catchUp(generation, position);
        const result = await this.models.switchTo(generation);
        if (!result.switched) continue;
        this.log.log('rebuilt', { generation, events: result.events, position: result.position });
        return result;
      }
    });
  }

  private async catchUp(generation: number, from: string): Promise<string> {
    let position = from;
    for (;;) {
      const step = await this.reader.step({ generation, position });
      if (!step.applied) throw overtaken(generation);
      ({ position } = step);
      if (!step.more) return position;
    }
  }
}

/** The lock that keeps others away belongs to a connection: it was lost, and somebody else began anew. */
function overtaken(generation: number): GantryError {
  return new GantryError(
    'conflict',
    'audit.rebuild-overtaken',
    `Another rebuild took over from generation ${generation}: wait for that one to end.`,
  );
}
