import { StompError } from '../stomp-error.js';

/** One broker of a failover list. */
export interface BrokerAddress {
  readonly uri: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

const DEFAULT_PORT = 61613;

/** Reads `stomp://host:port` and `stomp+ssl://host:port`; anything else is a mistake in the configuration. */
export function parseBrokerUris(uris: readonly string[]): readonly BrokerAddress[] {
  if (uris.length === 0) throw badUri('the list of broker URIs is empty');
  return uris.map(parseOne);
}

function parseOne(uri: string): BrokerAddress {
  const parsed = URL.canParse(uri) ? new URL(uri) : undefined;
  if (
    parsed === undefined ||
    parsed.hostname === '' ||
    !['stomp:', 'stomp+ssl:'].includes(parsed.protocol)
  ) {
    throw badUri('a broker URI must look like stomp://host:port or stomp+ssl://host:port');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw badUri('a broker URI must not hold credentials: give login and passcode as options');
  }
  const port = parsed.port === '' ? DEFAULT_PORT : Number(parsed.port);
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  return { uri, host, port, tls: parsed.protocol === 'stomp+ssl:' };
}

function badUri(problem: string): StompError {
  return new StompError('config', `Cannot connect to a broker: ${problem}.`, {
    code: 'stomp.bad-uri',
  });
}
