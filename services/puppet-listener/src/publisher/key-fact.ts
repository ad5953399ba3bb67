import { PublicKeyDer } from '@gantry/contracts';

/**
 * The key that a host goes by, from the stored facts of that very host; undefined when there is none, or they cannot be read. The
 * Puppet server keeps facts in one file per certname (facts terminus `json`, its default), and lets a host write its own only, by
 * its certificate.
 */
export function keyFact(certname: string, text: string): string | undefined {
  const facts = fieldsOf(parsed(text));
  if (facts['name'] !== certname) return undefined;
  return PublicKeyDer.safeParse(fieldsOf(facts['values'])['gantry_host_key']).data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
