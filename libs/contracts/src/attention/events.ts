import { z } from 'zod';
import { defineMessage } from '../define.js';
import { ApplicationName, Certname, DeploymentId, EnvironmentName } from '../ids.js';

/** Kinds of things a person must look at. */
export const AttentionKind = z.enum([
  'host-out-of-service',
  'host-state-unknown',
  'version-still-wanted',
  'deployment-paused',
  'artifact-changed',
  'fleet-file-rejected',
  'fleet-change-held',
  'rollback-failed',
  'message-parked',
  'broker-unreachable',
  'events-not-published',
  'stream-quarantined',
  'release-waits',
  'approval-needed',
  'deployment-stuck',
  'service-silent',
  'service-not-ready',
  'host-needs-resync',
  'host-clock-off',
  'host-key-changed',
  'host-flooding',
  'log-restored',
]);
export type AttentionKind = z.infer<typeof AttentionKind>;

/** Something a person must look at; `key` names the thing, so that opening twice is one item. */
export const AttentionOpened = defineMessage('event', 'attention.opened', {
  key: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/),
  kind: AttentionKind,
  title: z.string().min(1).max(300),
  detail: z.string().max(4_000),
  todo: z.string().max(1_000),
  host: Certname.optional(),
  application: ApplicationName.optional(),
  environment: EnvironmentName.optional(),
  deploymentId: DeploymentId.optional(),
});

/** It is true again, or a person settled it. */
export const AttentionClosed = defineMessage('event', 'attention.closed', {
  key: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/),
  because: z.string().min(1).max(500),
});
