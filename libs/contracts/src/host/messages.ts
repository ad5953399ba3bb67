import { z } from 'zod';
import { defineMessage } from '../define.js';
import { HealthCheck } from '../fleet/fleet.js';
import { Certname, Instant, PackageName, RequestId, StreamKey } from '../ids.js';
import { ListenerRole } from '../puppet/listener-role.js';
import { WantedVersion } from '../puppet/messages.js';
import { healthOutcome, hostFacts, NotRunWhy, runOutcome, WantedPackage } from '../puppet/run.js';

/** Id of a signing key: `dispatcher-2026a`, or a host key's fingerprint. */
export const KeyId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);

/** An Ed25519 public key in DER (SPKI), base64. */
export const PublicKeyDer = z.string().regex(/^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/);

/**
 * The signed part every command to a host carries. The signature (header `x-sig`, Ed25519, key `x-kid`) is over the exact
 * body bytes with `hostCommandPrefix` in front; nothing of the body is parsed before it is checked.
 */
const commandBase = {
  aud: z.object({ host: Certname, keyId: KeyId }),
  cmdId: RequestId,
  stream: StreamKey,
  epoch: z.int().min(0),
  seq: z.int().min(1),
  iat: Instant,
  exp: Instant,
};

/** Run Puppet. */
export const HostRunCommand = defineMessage('command', 'host.run.command', {
  ...commandBase,
  noop: z.boolean(),
  wanted: z.array(WantedPackage).max(20),
  health: HealthCheck.nullable(),
  runTimeoutMs: z.int().min(1_000),
  waitForLockMs: z.int().min(0),
});

/** Say what became of a command. */
export const HostQueryCommand = defineMessage('command', 'host.query.command', {
  ...commandBase,
  about: RequestId,
});

/** Say what is installed and whether Puppet may run. */
export const HostFactsCommand = defineMessage('command', 'host.facts.command', {
  ...commandBase,
  packages: z.array(PackageName).min(1).max(20),
});

/** To the publisher beside a Puppet server: put this host's wanted versions in place. */
export const DesiredVersionCommand = defineMessage('command', 'desired.version.command', {
  ...commandBase,
  server: Certname,
  host: Certname,
  versions: z.array(WantedVersion).min(1).max(20),
});

/**
 * Begin a lost journal anew. A host takes it only while it has no journal, and only above every number it still knows of; from
 * then on it refuses every command whose number is not above this one's.
 */
export const HostResyncCommand = defineMessage('command', 'host.resync.command', commandBase);

/** The signed part every reply of a host carries; signed by the host's own key. */
const replyBase = {
  host: Certname,
  keyId: KeyId,
  cmdId: RequestId,
  stream: StreamKey,
  commandHash: z.string().regex(/^[0-9a-f]{64}$/),
  bootId: z.string().max(64),
  replySeq: z.int().min(1),
};

/** The lock is held by a run that is not ours. */
export const HostRunWaiting = defineMessage('observation', 'host.run.waiting', {
  ...replyBase,
  holder: z.string().max(300),
});
/** The run's process exists. */
export const HostRunStarted = defineMessage('observation', 'host.run.started', {
  ...replyBase,
  startedAt: Instant,
});
/** The run is over. */
export const HostRunFinished = defineMessage('observation', 'host.run.finished', {
  ...replyBase,
  ...runOutcome,
});
/** The health check after the run is over. */
export const HostHealthObserved = defineMessage('observation', 'host.health.observed', {
  ...replyBase,
  ...healthOutcome,
});
/** Answer to a query about a command that is not finished. */
export const HostRunStatus = defineMessage('observation', 'host.run.status', {
  ...replyBase,
  about: RequestId,
  state: z.enum(['never-seen', 'running', 'verifying']),
});
/** Answer to a facts command. */
export const HostFactsReported = defineMessage('observation', 'host.facts.reported', {
  ...replyBase,
  ...hostFacts,
});
/** The publisher has put the file in place. `subjectHost` is the host it is for. */
export const DesiredVersionPublished = defineMessage('observation', 'desired.version.published', {
  ...replyBase,
  subjectHost: Certname,
});
/** The publisher could not. */
export const DesiredVersionRefused = defineMessage('observation', 'desired.version.refused', {
  ...replyBase,
  subjectHost: Certname,
  reason: z.string().max(1_000),
});

/** The journal was begun anew with the command's own numbers. */
export const HostResynced = defineMessage('observation', 'host.resynced', {
  ...replyBase,
  role: ListenerRole,
});
/** A command that a trusted dispatcher signed was refused; what a run waits for is told besides. */
export const HostCommandRefused = defineMessage('observation', 'host.command.refused', {
  ...replyBase,
  role: ListenerRole,
  command: z.string().max(64),
  code: z.string().regex(/^[a-z-]{1,32}$/),
  why: NotRunWhy,
  detail: z.string().max(2_000),
});

/**
 * The publisher beside a Puppet server has seen, among the facts of a host, the key its listener goes by. Puppet's certificates say
 * whose facts they are; signed by the publisher.
 */
export const HostKeySeen = defineMessage('observation', 'host.key.seen', {
  server: Certname,
  keyId: KeyId,
  host: Certname,
  publicKey: PublicKeyDer,
});

/** A listener is alive (plain topic, non-persistent, every few seconds). */
export const HostPresence = defineMessage('notice', 'host.presence', {
  host: Certname,
  keyId: KeyId,
  role: ListenerRole,
  bootId: z.string().max(64),
  listenerVersion: z.string().max(64),
  busyWith: RequestId.nullable(),
});

/** Puppet's story, live (plain topic, non-persistent). */
export const HostLogLines = defineMessage('notice', 'host.log', {
  host: Certname,
  cmdId: RequestId,
  stream: StreamKey,
  lines: z
    .array(
      z.object({
        at: Instant,
        level: z.string().max(16),
        source: z.string().max(300),
        message: z.string().max(2_000),
      }),
    )
    .min(1)
    .max(100),
});

/** All messages between the dispatcher and listeners. */
export const HOST_MESSAGES = [
  HostRunCommand,
  HostQueryCommand,
  HostFactsCommand,
  DesiredVersionCommand,
  HostRunWaiting,
  HostRunStarted,
  HostRunFinished,
  HostHealthObserved,
  HostRunStatus,
  HostFactsReported,
  DesiredVersionPublished,
  DesiredVersionRefused,
  HostResyncCommand,
  HostResynced,
  HostCommandRefused,
  HostKeySeen,
  HostPresence,
  HostLogLines,
] as const;

/** What precedes the body bytes when a command to a host is signed. */
export const hostCommandPrefix = (byteLength: number): string =>
  `gantry.host-command.v1\n${byteLength}\n`;
/** What precedes the body bytes when a host's reply is signed. */
export const hostReplyPrefix = (byteLength: number): string =>
  `gantry.host-reply.v1\n${byteLength}\n`;
