/** The URL of a path below a base URL, with a query; the base's own path stays. */
export function below(
  base: string,
  path: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  url.search = new URLSearchParams(query).toString();
  url.hash = '';
  return url.href;
}
