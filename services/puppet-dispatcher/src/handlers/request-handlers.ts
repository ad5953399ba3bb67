import { PublishHandler } from './publish.handler.js';
import { QueryHandler } from './query.handler.js';
import { ResyncHandler } from './resync.handler.js';
import { RunHandler, type RequestTools } from './run.handler.js';
import { SurveyHandler } from './survey.handler.js';

/** One handler for each kind of request. */
export class RequestHandlers {
  readonly survey: SurveyHandler;
  readonly publish: PublishHandler;
  readonly run: RunHandler;
  readonly query: QueryHandler;
  readonly resync: ResyncHandler;

  constructor(tools: RequestTools) {
    this.survey = new SurveyHandler(tools);
    this.publish = new PublishHandler(tools);
    this.run = new RunHandler(tools);
    this.query = new QueryHandler(tools);
    this.resync = new ResyncHandler(tools);
  }
}
