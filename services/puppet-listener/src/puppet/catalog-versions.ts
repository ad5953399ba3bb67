import type { CatalogVersions } from './run-evidence.js';

/** The `ensure` of every package in a cached catalog, if it is the catalog with this id; otherwise undefined. */
export function catalogVersions(text: string, catalogUuid: string | null): CatalogVersions {
  if (catalogUuid === null) return undefined;
  try {
    const catalog = JSON.parse(text) as { catalog_uuid?: unknown; resources?: unknown };
    if (catalog.catalog_uuid !== catalogUuid || !Array.isArray(catalog.resources)) return undefined;
    return new Map(catalog.resources.flatMap(packageOf));
  } catch {
    return undefined;
  }
}

function packageOf(resource: unknown): [string, string][] {
  const { type, title, parameters } = resource as Partial<Record<string, unknown>>;
  if (type !== 'Package' || typeof title !== 'string') return [];
  const { name, ensure } = (parameters ?? {}) as Record<string, unknown>;
  const key = typeof name === 'string' ? name : title;
  return [[key, typeof ensure === 'string' ? ensure : 'present']];
}
