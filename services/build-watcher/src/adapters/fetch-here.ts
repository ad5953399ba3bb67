import { isGantryError } from '@gantry/service-kit';
import { unreachable, untrusted } from '../ports/repository-error.js';

const MAX_HOPS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What Node says of a certificate it does not trust. */
const TLS_FAULT =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/;

/** Fetches from the server that was configured and from no other: who can redirect us could serve any package. */
export async function fetchHere(url: URL, init: RequestInit): Promise<Response> {
  let at = url;
  for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
    const response = await fetchOne(at, init);
    if (!REDIRECTS.has(response.status)) return response;
    await response.body?.cancel();
    at = redirectTarget(at, response.headers.get('location'));
  }
  throw untrusted(`${url.href} redirects more than ${MAX_HOPS} times: not followed further`);
}

/** Whatever went wrong on the way, as one of our errors. */
export function fetchFailure(url: URL, error: unknown): Error {
  if (isGantryError(error)) return error;
  const code = codeOf(error);
  if (code !== undefined && TLS_FAULT.test(code))
    return untrusted(
      `The certificate of ${url.host} is not trusted (${code}): not read, and not tried without TLS. ` +
        'Renew it, or name its authority in NODE_EXTRA_CA_CERTS.',
      error,
    );
  return unreachable(url.href, error);
}

async function fetchOne(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'manual' });
  } catch (error) {
    throw fetchFailure(url, error);
  }
}

/** Where a redirect leads: the same host, by the same protocol or a safer one; throws for anything else. */
export function redirectTarget(from: URL, location: string | null): URL {
  const to = urlOf(location, from);
  if (to && isHere(from, to)) return to;
  throw untrusted(
    `${from.href} redirects to ${JSON.stringify(location?.slice(0, 200))}: another server or protocol is not followed. ` +
      'If the repository has moved, change its URL in GANTRY_REPOSITORIES.',
  );
}

const urlOf = (location: string | null, base: URL): URL | undefined =>
  location !== null && URL.canParse(location, base.href) ? new URL(location, base) : undefined;

function isHere(from: URL, to: URL): boolean {
  const upgrade = from.protocol === 'http:' && to.protocol === 'https:';
  const same = to.protocol === from.protocol && to.port === from.port;
  return to.hostname === from.hostname && (same || upgrade);
}

function codeOf(error: unknown): string | undefined {
  const cause =
    typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
  const named = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : '';
  return typeof named === 'string' ? named : undefined;
}
