export { GantryClient, type GantryClientOptions } from './gantry-client.js';
export { Problem, ProblemError, UnexpectedAnswerError, UnreachableError } from './errors.js';
export { CommandAnswer, SystemStatus } from './answers.js';
export type { Fetch } from './http-call.js';
export type { StreamItem } from './stream-item.js';
export type {
  CommandOptions,
  DeploymentFilter,
  DeploymentRequest,
  RefreshRequest,
  HoldRequest,
  ReleaseRequest,
  WatchOptions,
} from './requests.js';
