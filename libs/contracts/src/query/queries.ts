import { z } from 'zod';
import { defineMessage } from '../define.js';
import { ApplicationName, DeploymentId, Evr, RefreshId, ReleaseId } from '../ids.js';
import { HoldView } from './hold-view.js';
import { ReleaseView, WhyLine } from './release-view.js';
import {
  AttentionView,
  BuildView,
  DeploymentSummary,
  DeploymentView,
  EventView,
  HostView,
  RefreshView,
  RunningView,
} from './views.js';

const limit = z.int().min(1).max(500);

export const ListDeployments = defineMessage('query', 'audit.deployments.list', {
  application: z.string().max(63).optional(),
  environment: z.string().max(63).optional(),
  limit,
});
export const GetDeployment = defineMessage('query', 'audit.deployment.get', {
  deploymentId: DeploymentId,
});
export const GetRefresh = defineMessage('query', 'audit.refresh.get', { refreshId: RefreshId });
export const ListHosts = defineMessage('query', 'audit.hosts.list', {});
export const ListRunning = defineMessage('query', 'audit.running.list', {});
export const ListBuilds = defineMessage('query', 'audit.builds.list', {
  name: z.string().max(128).optional(),
  limit,
});
export const ListAttention = defineMessage('query', 'audit.attention.list', {
  includeClosed: z.boolean(),
  limit,
});
/** Releases, the newest first. */
export const ListReleases = defineMessage('query', 'audit.releases.list', {
  pipeline: z.string().max(63).optional(),
  limit,
});
export const GetRelease = defineMessage('query', 'audit.release.get', { releaseId: ReleaseId });
/** Holds, the newest first. */
export const ListHolds = defineMessage('query', 'audit.holds.list', {
  includeEnded: z.boolean(),
  limit,
});
/** Why a build is, or is not, deployed. */
export const AskWhy = defineMessage('query', 'audit.why.get', {
  application: ApplicationName,
  evr: Evr,
});
/** Events after a cursor, in feed order; of one stream (`type-id`) or of all. */
export const ReadEvents = defineMessage('query', 'audit.events.read', {
  after: z.string().max(64).optional(),
  stream: z.string().max(160).optional(),
  limit,
});
/** Drop the read models and fold them again from the first event. */
export const RebuildReadModels = defineMessage('query', 'audit.read-models.rebuild', {});
export const GetAuditStatus = defineMessage('query', 'audit.status.get', {});

/** Every list says up to which event it is true. */
const asOf = { position: z.string().nullable() };

/** What each query answers, by its type. */
export const QueryReply = {
  'audit.deployments.list': z.object({ ...asOf, items: z.array(DeploymentSummary) }),
  'audit.deployment.get': z.object({ ...asOf, item: DeploymentView.nullable() }),
  'audit.refresh.get': z.object({ ...asOf, item: RefreshView.nullable() }),
  'audit.hosts.list': z.object({ ...asOf, items: z.array(HostView) }),
  'audit.running.list': z.object({ ...asOf, items: z.array(RunningView) }),
  'audit.builds.list': z.object({ ...asOf, items: z.array(BuildView) }),
  'audit.attention.list': z.object({ ...asOf, items: z.array(AttentionView) }),
  'audit.releases.list': z.object({ ...asOf, items: z.array(ReleaseView) }),
  'audit.release.get': z.object({ ...asOf, item: ReleaseView.nullable() }),
  'audit.holds.list': z.object({ ...asOf, items: z.array(HoldView) }),
  'audit.why.get': z.object({ ...asOf, items: z.array(WhyLine) }),
  'audit.events.read': z.object({ ...asOf, items: z.array(EventView) }),
  'audit.read-models.rebuild': z.object({ ...asOf, events: z.int() }),
  'audit.status.get': z.object({
    ...asOf,
    lagEvents: z.int(),
    parkedProjection: z.string().nullable(),
  }),
} as const;
export type QueryType = keyof typeof QueryReply;
export type QueryReplyOf<T extends QueryType> = z.infer<(typeof QueryReply)[T]>;
