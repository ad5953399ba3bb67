import { messageOf } from '../errors/gantry-error.js';

/** Tells why the service is not ready, or undefined when it is; throwing counts as a reason. */
export type HealthCheck = () => string | undefined | Promise<string | undefined>;

/** The answer of /readyz: every check by name, `ok` or the reason. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** What must hold before a service takes work; services add their own. */
export class HealthChecks {
  private readonly checks = new Map<string, HealthCheck>();

  /** Adds a check under a name of its own. */
  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** Asks one check: the reason, or undefined when it holds. An unknown check holds. */
  ask(name: string): Promise<string | undefined> {
    const check = this.checks.get(name);
    return check === undefined ? Promise.resolve(undefined) : reason(check);
  }

  /** Asks all checks at once. */
  async read(): Promise<Readiness> {
    const asked = [...this.checks].map(
      async ([name, check]) => [name, await reason(check)] as const,
    );
    const answers = await Promise.all(asked);
    return {
      ready: answers.every(([, why]) => why === undefined),
      checks: Object.fromEntries(answers.map(([name, why]) => [name, why ?? 'ok'])),
    };
  }
}

async function reason(check: HealthCheck): Promise<string | undefined> {
  try {
    return await check();
  } catch (error) {
    return messageOf(error);
  }
}
