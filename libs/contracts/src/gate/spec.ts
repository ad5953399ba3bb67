import { z } from 'zod';
import { durationMs, HOUR } from '../fleet/duration.js';

/** User names and passwords in a URL would be in the log for ever; credentials are files beside the verifier. */
const url = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text), {
    error: 'a URL without user name and password: put them in a credential file of the verifier',
  });
/** The verifier knows the credential by this name; what it is nobody else knows. */
const credential = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
  error: 'the name of a credential file: lower-case letters, digits and hyphens, at most 63',
});
/** A program and its arguments: never a line for a shell. */
const program = z.array(z.string().max(1_000)).min(1).max(100);
const environment = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/),
  z.string().max(2_000),
);

const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie']);
const FRAMING_HEADERS = new Set(['host', 'content-length', 'transfer-encoding', 'connection']);
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/)
  .refine((name) => !SECRET_HEADERS.has(name.toLowerCase()), {
    error: 'a header that carries no secret: the fleet file and the log are read by many',
  })
  .refine((name) => !FRAMING_HEADERS.has(name.toLowerCase()), {
    error: 'a header that the HTTP client does not set itself',
  });

/** An answer over HTTP, good several times in a row. */
const http = z.strictObject({
  kind: z.literal('http'),
  url,
  method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
  expectStatus: z.int().min(100).max(599).default(200),
  expectBody: z.string().min(1).max(300).optional(),
  json: z
    .strictObject({
      path: z.string().regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/, {
        error: 'names and list positions joined by dots, such as checks.0.status',
      }),
      equals: z.union([z.string().max(300), z.number(), z.boolean(), z.null()]),
    })
    .optional(),
  headers: z.record(headerName, z.string().max(500)).optional(),
  goodInRow: z.int().min(1).max(100).default(3),
  intervalMs: durationMs(60_000).min(50).default(1_000),
  timeoutMs: durationMs(60_000).min(50).default(5_000),
  deadlineMs: durationMs(HOUR).min(100).default(60_000),
});

/** A program beside the verifier; its exit code is the verdict. */
const command = z.strictObject({
  kind: z.literal('command'),
  command: program,
  env: environment.optional(),
  cwd: z.string().min(1).max(300).optional(),
  deadlineMs: durationMs(4 * HOUR).min(100),
  maxOutputBytes: z.int().min(1_000).max(10_000_000).default(1_000_000),
});

/** A suite of browser tests: a program that uses selenium-webdriver. */
const selenium = z.strictObject({
  kind: z.literal('selenium'),
  suite: program,
  baseUrl: url,
  deadlineMs: durationMs(4 * HOUR).min(100),
});

/** A job of a Jenkins server, started with parameters; its result is the verdict. */
const jenkins = z.strictObject({
  kind: z.literal('jenkins'),
  url,
  job: z.string().regex(/^[A-Za-z0-9._ -]+(?:\/[A-Za-z0-9._ -]+)*$/, {
    error: 'the name of a job; folders are joined by slashes',
  }),
  parameters: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/), z.string().max(2_000))
    .optional(),
  credential,
  deadlineMs: durationMs(12 * HOUR).min(1_000),
});

/** A query of a Prometheus server whose every sample keeps to a threshold. */
const prometheus = z.strictObject({
  kind: z.literal('prometheus'),
  url,
  query: z.string().min(1).max(2_000),
  threshold: z.strictObject({ op: z.enum(['<', '<=', '>', '>=']), value: z.number() }),
  minSamples: z.int().min(1).max(1_000).default(1),
  windowMs: durationMs(4 * HOUR),
  intervalMs: durationMs(600_000).min(50).default(15_000),
  deadlineMs: durationMs(4 * HOUR).min(100),
});

/** A question to a person: the orchestrator asks it, no program can. */
const manual = z.strictObject({
  kind: z.literal('manual'),
  question: z.string().trim().min(1).max(500),
  group: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
    .optional(),
});

/** A check between two things, as the fleet file has it. Strings may hold the placeholders of `fillGate`. */
export const GateSpec = z.discriminatedUnion('kind', [
  http,
  command,
  selenium,
  jenkins,
  prometheus,
  manual,
]);
export type GateSpec = z.infer<typeof GateSpec>;

/** The kinds of gates. */
export type GateKind = GateSpec['kind'];
/** The spec of one kind. */
export type GateSpecOf<K extends GateKind> = Extract<GateSpec, { readonly kind: K }>;
