import { z } from 'zod';
import { GateSpec } from '../gate/spec.js';
import {
  ApplicationName,
  Certname,
  DeviceName,
  EnvironmentName,
  GateName,
  GroupName,
  PackageName,
  PipelineName,
  PoolName,
} from '../ids.js';
import { ApprovalRule, Group } from './approval.js';
import { ChangeWindow, Freeze, WhenWindowCloses } from './calendar.js';
import { durationMs, HOUR } from './duration.js';
import { Pipeline } from './pipeline.js';
import { Strategy, StrategyOverride } from './strategy.js';

/** How the application's health is asked on the host itself, after the Puppet run. `{evr}` in `expectBody` is the wanted version. */
export const HealthCheck = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(300),
  expectStatus: z.int().min(100).max(599).default(200),
  expectBody: z.string().min(1).max(300).optional(),
  intervalMs: durationMs(60_000).min(50).default(500),
  timeoutMs: durationMs(60_000).min(50).default(2_000),
  goodInRow: z.int().min(1).max(100).default(3),
  deadlineMs: durationMs(HOUR).min(1_000).default(60_000),
});
export type HealthCheck = z.infer<typeof HealthCheck>;

/** A package of an application and the Hiera key under which manifests look its wanted version up. */
export const ApplicationPackage = z.strictObject({
  name: PackageName,
  hieraKey: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(?:::[a-z][a-z0-9_]*)*$/, 'a Hiera key such as profile::shop::version'),
  /** Names of other packages of the fleet that builds of this one may provide or obsolete. */
  mayReplace: z.array(PackageName).min(1).max(50).optional(),
});
export type ApplicationPackage = z.infer<typeof ApplicationPackage>;

/** Something deployable. */
export const Application = z.strictObject({
  packages: z.array(ApplicationPackage).min(1).max(20),
  health: HealthCheck,
  strategy: Strategy.prefault({}),
});
export type Application = z.infer<typeof Application>;

/** A load balancer's pool: which device, what the device calls it, and which member stands for which host. */
export const Pool = z.strictObject({
  device: DeviceName,
  backend: z.string().regex(/^[A-Za-z0-9_.:~/-]{1,200}$/),
  members: z.record(Certname, z.string().regex(/^[A-Za-z0-9_.:%~/-]{1,200}$/)),
});
export type Pool = z.infer<typeof Pool>;

/** Where an application runs within an environment. */
export const Placement = z.strictObject({
  hosts: z.array(Certname).min(1).max(5_000),
  pools: z.array(PoolName).max(20),
  strategy: StrategyOverride.optional(),
  /** Instead of what the environment says. */
  approval: ApprovalRule.optional(),
});
export type Placement = z.infer<typeof Placement>;

/**
 * An environment: its Puppet servers, the applications placed in it, when changes may begin there, and who must agree. No windows means
 * always, no approval means that nobody is asked.
 * The calendar has no defaults here: a fleet that was adopted before there was one must read back as it was written.
 */
export const Environment = z.strictObject({
  puppetServers: z.array(Certname).min(1).max(50),
  confirmByName: z.boolean().default(false),
  windows: z.array(ChangeWindow).min(1).max(50).optional(),
  whenWindowCloses: WhenWindowCloses.optional(),
  approval: ApprovalRule.optional(),
  applications: z.record(ApplicationName, Placement),
});
export type Environment = z.infer<typeof Environment>;

/** A Puppet server: how many runs it takes at once. */
export const PuppetServer = z.strictObject({
  maxConcurrentRuns: z.int().min(1).max(1_000).default(50),
});

/** The whole fleet file, validated. References between its parts are checked by the loader, which knows line numbers. */
export const Fleet = z.strictObject({
  version: z.literal(1),
  applications: z.record(ApplicationName, Application),
  pools: z.record(PoolName, Pool),
  puppetServers: z.record(Certname, PuppetServer),
  environments: z.record(EnvironmentName, Environment),
  gates: z.record(GateName, GateSpec).optional(),
  freezes: z.array(Freeze).max(200).optional(),
  groups: z.record(GroupName, Group).optional(),
  pipelines: z.record(PipelineName, Pipeline).optional(),
});
export type Fleet = z.infer<typeof Fleet>;
