import { z } from 'zod';
import { defineMessage } from '../define.js';
import {
  ApplicationName,
  Certname,
  DeploymentId,
  EnvironmentName,
  Evr,
  PackageName,
  Reason,
  RefreshId,
} from '../ids.js';
import { RolloutLimits } from '../fleet/strategy.js';
import { Finding, ReleaseStage } from './plan.js';

const onDeployment = { deploymentId: DeploymentId, reason: Reason };

/** Bring one build of one application to one environment. `accept` lists the codes of `confirm` findings the person has read. */
export const RequestDeployment = defineMessage('command', 'deployment.request', {
  deploymentId: DeploymentId,
  application: ApplicationName,
  environment: EnvironmentName,
  evr: Evr,
  reason: Reason,
  accept: z.array(z.string().max(64)).max(50),
  confirmEnvironment: z.string().max(63).optional(),
  /** The release that it is a stage of. */
  release: ReleaseStage.optional(),
});

/** Touch no further host until resumed; hosts in flight go on to their end. */
export const PauseDeployment = defineMessage('command', 'deployment.pause', onDeployment);
/** Go on. Failed hosts stay as they are. */
export const ResumeDeployment = defineMessage('command', 'deployment.resume', onDeployment);
/** Touch no further host; hosts in flight end in service or in an attention item. */
export const CancelDeployment = defineMessage('command', 'deployment.cancel', onDeployment);
/** Bring every touched host back to the version the log says it had. */
export const RollbackDeployment = defineMessage('command', 'deployment.rollback', onDeployment);

const onHost = { ...onDeployment, host: Certname };
/** Leave a host that waits for its turn as it is. */
export const SkipHost = defineMessage('command', 'deployment.skip-host', onHost);
/** Give a host whose turn failed, or that was skipped, another turn; what is out goes back in service only with its whole proof. */
export const RetryHost = defineMessage('command', 'deployment.retry-host', onHost);
/** Let more or fewer hosts out at once, or put up with more or fewer failures, from now on. */
export const ChangeLimits = defineMessage('command', 'deployment.change-limits', {
  ...onDeployment,
  ...RolloutLimits.shape,
});

/** Run Puppet on hosts without a deployment. */
export const RequestRefresh = defineMessage('command', 'refresh.request', {
  refreshId: RefreshId,
  hosts: z.array(Certname).min(1).max(1_000),
  noop: z.boolean(),
  reason: Reason,
  concurrency: z.int().min(1).max(100),
});

/** A named person allows a quarantined build again. */
export const LiftQuarantine = defineMessage('command', 'build.lift-quarantine', {
  name: PackageName,
  evr: Evr,
  reason: Reason,
});

/** Answer to every command: accepted (it is in the log; `version` is its stream's with it, unless the command came before), ignored (it had no effect and says why), or refused. */
export const CommandReply = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('accepted'),
    subject: z.string().max(160),
    version: z.int().min(1).optional(),
  }),
  z.object({ outcome: z.literal('ignored'), because: z.string().max(1_000) }),
  z.object({
    outcome: z.literal('refused'),
    code: z.string().max(64),
    message: z.string().max(2_000),
    todo: z.string().max(1_000),
    status: z.enum(['invalid', 'not-found', 'conflict', 'unprocessable', 'unavailable']),
    findings: z.array(Finding),
  }),
]);
export type CommandReply = z.infer<typeof CommandReply>;
