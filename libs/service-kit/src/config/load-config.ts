import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { GantryError, isError, messageOf } from '../errors/gantry-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration: each key of the schema is the name of an environment variable, and `NAME_FILE` names a file that
 * holds the value of `NAME`. Everything wrong is reported at once, by name and never with a value: values may be secrets.
 */
export function loadConfig<S extends z.ZodObject>(
  schema: S,
  env: Environment = process.env,
): Readonly<z.infer<S>> {
  const problems: string[] = [];
  const input: Record<string, string> = {};
  const unread = new Set<string>();
  for (const name of Object.keys(schema.shape)) {
    try {
      const value = valueOf(name, env);
      if (value !== undefined) input[name] = value;
    } catch (error) {
      unread.add(name);
      problems.push(`${name}: ${messageOf(error)}`);
    }
  }
  const parsed = schema.safeParse(input);
  if (parsed.success && problems.length === 0) return Object.freeze(parsed.data);
  problems.push(...issuesOf(parsed.error, unread, input));
  throw new GantryError(
    'config',
    'config.invalid',
    `The configuration is not usable: ${problems.join('; ')}. Set these environment variables (or NAME_FILE) and start again.`,
    { details: { problems } },
  );
}

/** An empty variable counts as absent: compose files and unit files write `NAME=` for "not set". */
function valueOf(name: string, env: Environment): string | undefined {
  const file = env[`${name}_FILE`] ?? '';
  const value = env[name] ?? '';
  if (file === '') return value === '' ? undefined : value;
  if (value !== '') throw new Error(`both ${name} and ${name}_FILE are set; keep one`);
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (cause) {
    throw new Error(`the file named by ${name}_FILE cannot be read (${codeOf(cause)})`, { cause });
  }
}

function codeOf(error: unknown): string {
  return isError(error) && 'code' in error ? String(error.code) : 'unknown reason';
}

function issuesOf(
  error: z.ZodError | undefined,
  unread: ReadonlySet<string>,
  input: Readonly<Record<string, string>>,
): string[] {
  return (error?.issues ?? [])
    .map((issue) => ({ name: String(issue.path[0] ?? '(whole)'), message: issue.message }))
    .filter(({ name }) => !unread.has(name))
    .map(({ name, message }) =>
      name !== '(whole)' && !(name in input) ? `${name}: is not set` : `${name}: ${message}`,
    );
}
