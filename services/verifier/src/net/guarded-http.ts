import { lookup } from 'node:dns/promises';
import { GantryError, messageOf } from '@gantry/service-kit';
import type { AllowList } from './allow-list.js';
import { whyNotPublic } from './address-policy.js';
import { exchange, type HttpAnswer } from './exchange.js';

/** Addresses of a name, as the system resolves it. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** One question over HTTP. */
export interface HttpAsk {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * HTTP that goes only where it may. A name is resolved once, all its addresses are checked, and the connection goes to the
 * address that was checked: a name that resolves otherwise a moment later changes nothing. Redirects are answers, never
 * followed. Failures are GantryErrors: `gate.address-refused` (nothing was sent) or `gate.unreachable`.
 */
export class GuardedHttp {
  constructor(
    private readonly allow: AllowList,
    private readonly resolve: Resolve = systemResolve,
  ) {}

  async ask(ask: HttpAsk): Promise<HttpAnswer> {
    const limit = AbortSignal.any([ask.signal, AbortSignal.timeout(ask.timeoutMs)]);
    const { url, address } = await abortable(this.checked(ask.url), limit, ask);
    try {
      return await exchange({ ...ask, url, address, signal: limit });
    } catch (error) {
      throw failure(error, ask, limit);
    }
  }

  /** The URL and the address that may be connected to; rejects when there is none. */
  async checked(text: string): Promise<{ readonly url: URL; readonly address: string }> {
    const url = readUrl(text);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = await this.addressesOf(host);
    const [address] = addresses;
    if (address === undefined) throw unreachable(url.host, 'its name has no address');
    if (this.allow.hasHost(host)) return { url, address };
    for (const each of addresses) this.refuseUnlessAllowed(url, each);
    return { url, address };
  }

  private async addressesOf(host: string): Promise<readonly string[]> {
    // The URL parser has brought every spelling of a number to its plain form.
    if (/^[0-9.]+$/.test(host) || host.includes(':')) return [host];
    try {
      return await this.resolve(host);
    } catch (error) {
      throw unreachable(host, `its name is not resolved (${messageOf(error)})`, error);
    }
  }

  private refuseUnlessAllowed(url: URL, address: string): void {
    const why = whyNotPublic(address);
    if (why === undefined || (why !== 'not an address' && this.allow.hasAddress(address))) return;
    throw refused(`${url.host} is ${address} (${why})`);
  }
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw refused('it is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused(`its protocol is ${url.protocol}`);
  if (url.username !== '' || url.password !== '') throw refused('it holds a user name or password');
  return url;
}

async function abortable<T>(work: Promise<T>, limit: AbortSignal, ask: HttpAsk): Promise<T> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(failure(limit.reason, ask, limit));
    limit.addEventListener('abort', onAbort, { once: true });
  });
  try {
    limit.throwIfAborted();
    return await Promise.race([work, aborted]);
  } finally {
    limit.removeEventListener('abort', onAbort);
  }
}

function failure(error: unknown, { signal, timeoutMs, url }: HttpAsk, limit: AbortSignal): Error {
  if (signal.aborted) return signal.reason as Error;
  const host = URL.canParse(url) ? new URL(url).host : url;
  const why = limit.aborted ? `no whole answer within ${timeoutMs} ms` : messageOf(error);
  return unreachable(host, why, error);
}

const refused = (why: string): GantryError =>
  new GantryError(
    'rejected',
    'gate.address-refused',
    `The URL is refused: ${why}. If gates may ask there, add the host or its range to GANTRY_GATE_ALLOW of the verifier.`,
  );

const unreachable = (host: string, why: string, cause?: unknown): GantryError =>
  new GantryError(
    'unavailable',
    'gate.unreachable',
    `${host} does not answer: ${why}`,
    cause === undefined ? {} : { cause },
  );
