import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A service of docker-compose.yml, as far as the spec looks at it. */
export interface ComposeService {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** docker-compose.yml. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** A file of the repository. */
export const repositoryFile = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The variables of an environment file. */
export function readEnvFile(path: string): Record<string, string> {
  const lines = readFileSync(repositoryFile(path), 'utf8').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The file as Compose reads it with these variables; `missing` collects what a `:?` insisted on in vain. */
export function readCompose(
  variables: Readonly<Record<string, string>>,
  missing: string[] = [],
): ComposeFile {
  const text = readFileSync(repositoryFile('docker-compose.yml'), 'utf8');
  const filled = (value: unknown): unknown => {
    if (typeof value === 'string') return interpolate(value, variables, missing);
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item)]));
  };
  return filled(parse(text, { merge: true })) as ComposeFile;
}

/** `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, as the Compose specification has them. */
function interpolate(
  text: string,
  variables: Readonly<Record<string, string>>,
  missing: string[],
): string {
  return text.replace(
    /\$\$|\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g,
    (
      _all: string,
      name: string | undefined,
      operator: string | undefined,
      rest: string | undefined,
    ) => {
      if (name === undefined) return '$';
      const value = variables[name];
      if (value !== undefined && value !== '') return value;
      if (operator === '-') return rest ?? '';
      missing.push(name);
      return '';
    },
  );
}
