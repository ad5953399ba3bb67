import { z } from 'zod';
import { defineMessage } from '../define.js';
import { HealthCheck } from '../fleet/fleet.js';
import { Certname, Evr, PackageName, RequestId } from '../ids.js';
import { ListenerRole } from './listener-role.js';
import { healthOutcome, hostFacts, runOutcome, WantedPackage } from './run.js';

const request = { requestId: RequestId };
const onHost = { ...request, host: Certname };
/** `epoch` fences the owner, `seq` rises per host with every command: both are drawn when the intent is appended. */
const fenced = { ...onHost, epoch: z.int().min(0), seq: z.int().min(1) };

/** Ask hosts what they have installed and whether Puppet may run there. */
export const PuppetSurveyRequested = defineMessage('request', 'puppet.survey.requested', {
  ...request,
  seq: z.int().min(1),
  hosts: z.array(Certname).min(1).max(5_000),
  packages: z.array(PackageName).min(1).max(20),
  expiresInMs: z.int().min(100),
});

/** One entry of a host's wanted-version file. */
export const WantedVersion = z.object({
  hieraKey: z.string().max(200),
  name: PackageName,
  evr: Evr,
});
export type WantedVersion = z.infer<typeof WantedVersion>;

/** Write the host's wanted versions beside each of its Puppet servers, before any run is triggered. */
export const PuppetPublishRequested = defineMessage('request', 'puppet.publish.requested', {
  ...fenced,
  versions: z.array(WantedVersion).min(1).max(20),
  servers: z.array(Certname).min(1).max(50),
});

/** Run Puppet once on the host, verify the packages, then ask the application's health. */
export const PuppetRunRequested = defineMessage('request', 'puppet.run.requested', {
  ...fenced,
  noop: z.boolean(),
  wanted: z.array(WantedPackage).max(20),
  health: HealthCheck.nullable(),
  runTimeoutMs: z.int().min(1_000),
  waitForLockMs: z.int().min(0),
  expiresInMs: z.int().min(1_000).max(120_000),
});

/** Ask the host what became of a command: the answer comes from its journal. */
export const PuppetQueryRequested = defineMessage('request', 'puppet.query.requested', {
  ...fenced,
  commandId: RequestId,
});

/** Have a listener that lost its journal begin anew above these numbers: a person asked for it. */
export const PuppetResyncRequested = defineMessage('request', 'puppet.resync.requested', {
  ...fenced,
  role: ListenerRole,
});

/** One host answered a survey. */
export const PuppetHostSurveyed = defineMessage('observation', 'puppet.host.surveyed', {
  ...onHost,
  ...hostFacts,
});

/** One Puppet server has the host's wanted-version file in place. */
export const PuppetVersionPublished = defineMessage('observation', 'puppet.version.published', {
  ...onHost,
  server: Certname,
});

/** One Puppet server's publisher could not write the file. */
export const PuppetPublishFailed = defineMessage('observation', 'puppet.publish.failed', {
  ...onHost,
  server: Certname,
  reason: z.string().max(1_000),
});

/** The host accepted the command and waits: somebody else's run holds Puppet's lock. */
export const PuppetRunWaiting = defineMessage('observation', 'puppet.run.waiting', {
  ...onHost,
  holder: z.string().max(300),
});

/** The run's process exists. */
export const PuppetRunStarted = defineMessage('observation', 'puppet.run.started', {
  ...onHost,
  startedAt: z.iso.datetime(),
});

/** The run is over; the verdict stands in it. */
export const PuppetRunFinished = defineMessage('observation', 'puppet.run.finished', {
  ...onHost,
  ...runOutcome,
});

/** The application's health after the run. */
export const PuppetHealthObserved = defineMessage('observation', 'puppet.health.observed', {
  ...onHost,
  ...healthOutcome,
});

/** The host's answer to a query when the run is not over: its journal never saw the command, or it is still at it. */
export const PuppetRunStatus = defineMessage('observation', 'puppet.run.status', {
  ...onHost,
  commandId: RequestId,
  state: z.enum(['never-seen', 'running', 'verifying']),
});

/** A listener has begun its journal anew. */
export const PuppetHostResynced = defineMessage('observation', 'puppet.host.resynced', {
  ...onHost,
  role: ListenerRole,
});

/** What may be wrong with a listener itself, whatever it was asked. */
export const HostTrouble = z.enum(['needs-resync', 'clock-off', 'key-changed', 'flooding']);
export type HostTrouble = z.infer<typeof HostTrouble>;
const ofListener = { host: Certname, role: ListenerRole, trouble: HostTrouble };

/** Something is wrong with a listener: nothing can be asked of it, or nothing of what it says is let in. */
export const PuppetHostTroubled = defineMessage('observation', 'puppet.host.troubled', {
  ...ofListener,
  detail: z.string().max(2_000),
});

/** A listener has shown that it is well again. */
export const PuppetHostRecovered = defineMessage('observation', 'puppet.host.recovered', {
  ...ofListener,
});

/** A host's own key was taken from its facts: from now on its listener is heard. */
export const PuppetHostEnrolled = defineMessage('observation', 'puppet.host.enrolled', {
  host: Certname,
  role: ListenerRole,
  keyId: z.string().max(64),
  server: Certname,
});
