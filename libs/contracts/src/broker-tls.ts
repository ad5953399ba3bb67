const UNTRUSTED = new Set([
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const SAYINGS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the broker's certificate has expired",
  CERT_NOT_YET_VALID: "the broker's certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "the broker's certificate is for another name",
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers there does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what answers there does not speak TLS',
};

/** What is wrong between a client and the broker, by the code of Node's error; undefined when TLS is not to blame. */
export function brokerTlsProblem(code: string): string | undefined {
  if (UNTRUSTED.has(code))
    return "the broker's certificate is not signed by an authority of GANTRY_BROKER_CA";
  if (/^ERR_SSL_.*ALERT_/.test(code))
    return 'the broker does not take our certificate: none was shown, it has expired, was revoked, or is of another authority';
  return SAYINGS[code];
}

/** The first versions without the holes that are known: below them the table of rights can be got around. */
export const BROKER_FLOOR = ['5.19.9', '6.2.8'] as const;

/**
 * Whether a broker is older than `BROKER_FLOOR`, by the `server` header of its CONNECTED frame (`ActiveMQ/5.17.2`); undefined when it
 * does not say, or is no ActiveMQ Classic.
 */
export function brokerBelowFloor(server: string | undefined): boolean | undefined {
  const [, said] = /^ActiveMQ\/(\d+\.\d+\.\d+)/.exec(server ?? '') ?? [];
  if (said === undefined) return undefined;
  const floor = BROKER_FLOOR.find((one) => one.split('.')[0] === said.split('.')[0]);
  return floor === undefined ? Number(said.split('.')[0]) < 5 : older(said, floor);
}

function older(left: string, right: string): boolean {
  const [one, other] = [left, right].map((version) => version.split('.').map(Number));
  for (const [index, part] of (one ?? []).entries()) {
    const against = other?.[index] ?? 0;
    if (part !== against) return part < against;
  }
  return false;
}
