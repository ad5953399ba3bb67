import { Certname, PackageName } from '@gantry/contracts';
import { readFileSync } from 'node:fs';
import type { BrokerOptions } from './connection/broker-options.js';
import { tlsFilesProblem } from './connection/tls-files.js';
import { ConfigError } from './host/owned-folder.js';
import type { LocalPolicy } from './security/local-policy.js';
import type { Role } from './security/parse-command.js';

/** All settings of a listener. */
export interface Config {
  readonly role: Role;
  readonly certname: string;
  readonly broker: BrokerOptions;
  readonly stateDir: string;
  readonly lockDir: string;
  readonly dispatcherKeys: string;
  /** Only the publisher has one. */
  readonly hieraDir: string | undefined;
  /** Where the Puppet server keeps the facts of hosts; a publisher without it enrols nobody. */
  readonly factsDir: string | undefined;
  /** What this host lets itself be told; the publisher runs nothing and has none. */
  readonly policy: LocalPolicy | undefined;
  readonly puppet: string;
  readonly rpm: string;
  readonly dnf: string;
  readonly presenceMs: number;
}

type Values = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from the environment and, for what is not there, from the JSON file `GANTRY_LISTENER_CONFIG` names (same
 * names as keys). `NAME_FILE` takes a value from a file. All problems are told at once, by name, without values.
 */
export function readConfig(env: Values): Config {
  const reader = new SettingsReader({ ...fileValues(env['GANTRY_LISTENER_CONFIG']), ...env });
  const role = reader.oneOf('GANTRY_LISTENER_ROLE', ['agent', 'publisher']);
  const config: Config = {
    role,
    certname: reader.certname('GANTRY_CERTNAME'),
    broker: reader.broker(),
    stateDir: reader.optional('GANTRY_STATE_DIR') ?? defaultState(role),
    lockDir: reader.optional('GANTRY_LOCK_DIR') ?? '/run/gantry-listener',
    dispatcherKeys: reader.required('GANTRY_DISPATCHER_KEYS'),
    hieraDir: role === 'publisher' ? reader.required('GANTRY_HIERA_DIR') : undefined,
    factsDir: role === 'publisher' ? reader.optional('GANTRY_FACTS_DIR') : undefined,
    policy:
      role === 'agent'
        ? {
            packages: reader.names('GANTRY_PACKAGES'),
            noopOnly: reader.oneOf('GANTRY_RUNS', ['real', 'noop'], 'real') === 'noop',
          }
        : undefined,
    puppet: reader.optional('GANTRY_PUPPET_BIN') ?? 'puppet',
    rpm: reader.optional('GANTRY_RPM_BIN') ?? 'rpm',
    dnf: reader.optional('GANTRY_DNF_BIN') ?? 'dnf',
    presenceMs: reader.milliseconds('GANTRY_PRESENCE_MS', 3_000),
  };
  reader.finish();
  return config;
}

/** The two roles may share a machine, never a folder: each has a key and a memory of its own. */
const defaultState = (role: Role): string =>
  role === 'agent' ? '/var/lib/gantry-listener' : '/var/lib/gantry-publisher';

function fileValues(path: string | undefined): Values {
  if (path === undefined) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Values;
  } catch (error) {
    throw new ConfigError(
      `GANTRY_LISTENER_CONFIG: ${path} is not a readable JSON file (${(error as Error).message}).`,
    );
  }
}

class SettingsReader {
  private readonly problems: string[] = [];

  constructor(private readonly values: Values) {}

  optional(name: string): string | undefined {
    const path = this.values[`${name}_FILE`];
    const value = path === undefined ? this.values[name] : this.file(`${name}_FILE`, path);
    return value === undefined || value === '' ? undefined : value;
  }

  required(name: string): string {
    return this.optional(name) ?? this.problem(name, 'is not set');
  }

  oneOf<T extends string>(name: string, allowed: readonly [T, ...T[]], otherwise?: T): T {
    const value = this.optional(name) ?? otherwise ?? this.required(name);
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) this.problem(name, `must be one of ${allowed.join(', ')}`);
    return found ?? allowed[0];
  }

  certname(name: string): string {
    const value = this.required(name);
    return Certname.safeParse(value).success
      ? value
      : this.problem(name, 'must be a lower-case certname');
  }

  /** Package names, separated by commas. */
  names(name: string): readonly string[] {
    const names = this.required(name)
      .split(',')
      .map((part) => part.trim());
    if (!names.every((part) => PackageName.safeParse(part).success))
      this.problem(name, 'must be RPM package names, separated by commas');
    return names;
  }

  uris(name: string): readonly string[] {
    const uris = this.required(name)
      .split(',')
      .map((uri) => uri.trim());
    const good = uris.every((uri) => /^stomp(?:\+ssl)?:\/\/[^@/]+$/.test(uri) && URL.canParse(uri));
    if (!good)
      this.problem(
        name,
        'must be a list of stomp://host:port or stomp+ssl://host:port, without credentials',
      );
    return uris;
  }

  broker(): BrokerOptions {
    const uris = this.uris('GANTRY_BROKER_URIS');
    const login = this.required('GANTRY_BROKER_LOGIN');
    const files = {
      ...this.path('ca', 'GANTRY_BROKER_CA'),
      ...this.path('cert', 'GANTRY_BROKER_CERT'),
      ...this.path('key', 'GANTRY_BROKER_KEY'),
    };
    // The certificate says who we are; without one, a password has to.
    const certified = files.cert !== undefined;
    const passcode = certified
      ? this.optional('GANTRY_BROKER_PASSCODE')
      : this.required('GANTRY_BROKER_PASSCODE');
    if (certified && uris.some((uri) => uri.startsWith('stomp:')))
      this.problem('GANTRY_BROKER_URIS', 'must be stomp+ssl where GANTRY_BROKER_CERT is set');
    const wrong = tlsFilesProblem(files);
    if (wrong !== undefined)
      this.problem('GANTRY_BROKER_CA, GANTRY_BROKER_CERT, GANTRY_BROKER_KEY:', wrong);
    return { uris, login, ...(passcode === undefined ? {} : { passcode }), files };
  }

  path<K extends string>(key: K, name: string): Partial<Record<K, string>> {
    const path = this.values[name];
    return path === undefined || path === '' ? {} : ({ [key]: path } as Record<K, string>);
  }

  milliseconds(name: string, otherwise: number): number {
    const value = Number(this.optional(name) ?? otherwise);
    if (!Number.isInteger(value) || value < 100)
      this.problem(name, 'must be a number of milliseconds, 100 or more');
    return value;
  }

  finish(): void {
    if (this.problems.length > 0) throw new ConfigError(this.problems.join('; '));
  }

  private file(name: string, path: string): string {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      return this.problem(name, `names ${path}, which cannot be read`);
    }
  }

  private problem(name: string, what: string): string {
    const problem = `${name} ${what}`;
    if (!this.problems.some((known) => known.startsWith(`${name} `))) this.problems.push(problem);
    return '';
  }
}
