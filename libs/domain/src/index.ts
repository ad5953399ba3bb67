export { compareEvr } from './rpm-version/compare-evr.js';
export { parseEvr, type EvrParts } from './rpm-version/parse-evr.js';
export { rpmvercmp, type Order } from './rpm-version/rpmvercmp.js';
export { canonicalJson } from './canonical-json.js';
export {
  ignored,
  refused,
  type Decision,
  type Fact,
  type Meta,
  type Refusal,
  type SideFact,
} from './decision.js';
export { noAdmission, type Admission } from './deployment/admission.js';
export { isAutomation } from './deployment/decisions/approval.js';
export { decide, type DeploymentContext } from './deployment/decide.js';
export { wakeUpAt } from './deployment/deadlines.js';
export { evolve } from './deployment/evolve.js';
export type { DeploymentFact } from './deployment/facts.js';
export type {
  ApprovalContext,
  DeploymentInput,
  HostObservation,
  RequestContext,
} from './deployment/input.js';
export {
  type Active,
  type AwaitingApproval,
  initialDeployment,
  isRollout,
  isActive,
  isInFlight,
  type DeploymentHost,
  type DeploymentState,
  type HostPhase,
  type Rollout,
} from './deployment/state.js';
export {
  ALLOWED_ACTIONS,
  allowedHostActions,
  isTerminal,
  TRANSITIONS,
} from './deployment/status.js';
export { standingAfter, type StandingChange } from './standing/host-standing.js';
export { claimsOfDeployment, claimsOfRefresh, type HostClaim } from './claims/claims.js';
export { decideRefresh, type RefreshInput } from './refresh/decide.js';
export { refreshWakeUpAt } from './refresh/deadlines.js';
export { evolveRefresh } from './refresh/evolve.js';
export type { RefreshFact } from './refresh/facts.js';
export { initialRefresh, type RefreshState } from './refresh/state.js';
export {
  attentionMatters,
  decideAttention,
  evolveAttention,
  type AttentionFact,
  type AttentionInput,
  type AttentionState,
} from './attention/attention.js';
export {
  attentionKeyOfTrouble,
  decideListener,
  evolveListener,
  initialListener,
  listenerId,
  troubleItem,
  type ListenerFact,
  type ListenerInput,
  type ListenerState,
} from './listener/listener.js';
export {
  decideGone,
  decideLift,
  decideObserved,
  evolveBuild,
  examinationOf,
  initialBuild,
  isGone,
  standingOf,
  type BuildFact,
  type BuildState,
} from './build/build.js';
export { claimsOf } from './build/inspection.js';
export { decideFleet } from './fleet/fleet.js';
export {
  evolveFleet,
  initialFleet,
  type FleetFact,
  type FleetInput,
  type FleetReading,
  type FleetState,
} from './fleet/fleet-state.js';
export { releasedPackages } from './fleet/released-packages.js';
export { fleetLosses } from './fleet/fleet-losses.js';
export { approvalFor, peopleOf } from './fleet/approval-for.js';
export { strategyFor } from './fleet/strategy-for.js';
export {
  entriesOf,
  hostsByPool,
  ownEntry,
  placementsOf,
  type PlacedApplication,
} from './fleet/fleet-placements.js';
export {
  batchSize,
  freePlaces,
  maxOut,
  minInService,
  type CapacityRule,
  type PoolLoad,
} from './policy/capacity.js';
export { calendarAt, type CalendarVerdict } from './policy/calendar.js';
export { calendarFor, type TargetCalendar } from './policy/calendar-for.js';
export { recurrenceProblem } from './policy/recurrence.js';
export { isLocalDateTime, isTimeZone } from './policy/local-time.js';
export { decideRelease } from './release/decide.js';
export { evolveRelease } from './release/evolve.js';
export {
  addedUp,
  firstHand,
  lineMarked,
  stageTime,
  type HandLine,
  type StageHand,
} from './release/clock.js';
export { releaseWakeUpAt } from './release/deadlines.js';
export { initialRelease, stageOf, type ReleaseState, type Travelling } from './release/state.js';
export type { ReleaseFact } from './release/facts.js';
export type { EndedDeployment, ReleaseEvent, ReleaseInput, Sight } from './release/input.js';
export {
  decidePipeline,
  evolvePipeline,
  initialPipeline,
  isNews,
  isOverdue,
  type PipelineFact,
  type PipelineInput,
  type PipelineState,
} from './release/pipeline.js';
export {
  decideHold,
  evolveHold,
  holdWakeUpAt,
  initialHold,
  type Hold,
  type HoldFact,
  type HoldInput,
  type HoldState,
  type KnownNames,
} from './hold/hold.js';
export {
  bindingAfterOverride,
  SEVERITY,
  type AfterOverride,
  type Binding,
  type OnesOverride,
} from './policy/binding.js';
export { holdsThatBind, type ChangeTarget } from './policy/holds.js';
export { type RunningBinding } from './deployment/decisions/binding.js';
export { mayStart, type HeldBack, type StartVerdict, type TimeRules } from './policy/may-start.js';
export { whenReleaseIsOver, type AfterRelease } from './policy/when-release-is-over.js';
export { whenWindowCloses, type RunningVerdict } from './policy/when-window-closes.js';
export { latest } from './time.js';
export { whyDeployed, type WhyFacts } from './release/why.js';
