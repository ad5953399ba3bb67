import type { GateSpec } from './spec.js';

/** What the placeholders of a gate stand for; `build` is the package with its version. */
export interface GateValues {
  readonly application: string;
  readonly environment: string;
  readonly build: { readonly name: string; readonly evr: string };
}

const PLACEHOLDER = /\{(evr|build|environment|application)\}/g;
/** A version may hold `+`, `^` and `:`, which mean something else in a URL. */
const URL_FIELDS: ReadonlySet<string> = new Set(['url', 'baseUrl']);
/** What selects the code that runs is not a text to fill in. */
const FIXED_FIELDS: ReadonlySet<string> = new Set(['kind', 'credential']);

/** The spec with `{evr}`, `{build}`, `{environment}` and `{application}` filled in, wherever a string holds them. */
export function fillGate(spec: GateSpec, { build, ...names }: GateValues): GateSpec {
  const values: Readonly<Record<string, string>> = {
    ...names,
    evr: build.evr,
    build: `${build.name}-${build.evr}`,
  };
  const fill = (text: string, field: string): string =>
    text.replace(PLACEHOLDER, (whole, name: string) => {
      const value = values[name] ?? whole;
      return URL_FIELDS.has(field) ? encodeURIComponent(value) : value;
    });
  return filled(spec, 'spec', fill) as GateSpec;
}

function filled(
  value: unknown,
  field: string,
  fill: (text: string, field: string) => string,
): unknown {
  if (typeof value === 'string') return FIXED_FIELDS.has(field) ? value : fill(value, field);
  if (Array.isArray(value)) return value.map((each) => filled(each, field, fill));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, filled(each, name, fill)]),
  );
}
