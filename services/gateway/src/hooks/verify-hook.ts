import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { HookConfig, HookKind } from './hook-config.js';

/** A delivery as it came in. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What became of the proof. `keys`: by what a repetition of the delivery is known. */
export type Verdict =
  | { readonly proven: true; readonly keys: readonly string[] }
  | { readonly proven: false; readonly code: string; readonly detail: string };

/** What a delivery says of itself, by its kind's headers; not proven yet. */
interface Claim {
  readonly id: string;
  readonly signature: string;
  /** Seconds since 1970; absent where the kind tells none. */
  readonly at?: number;
  /** What the secret makes of the delivery. */
  readonly expected: (secret: string) => Buffer;
  readonly given: readonly Buffer[];
}

const MAX_AGE_S = 300;
const ID = /^[A-Za-z0-9._:-]{8,128}$/;

/** Whether a delivery is one of a sender that holds one of the secrets. */
export function verifyHook(
  delivery: Delivery,
  hooks: readonly Pick<HookConfig, 'kind' | 'secret'>[],
  now: Date,
): Verdict {
  const claims = hooks.flatMap(({ kind, secret }) => {
    const claim = CLAIMS[kind](delivery);
    return claim ? [{ claim, secret }] : [];
  });
  if (!Object.values(CLAIMS).some((claimOf) => claimOf(delivery)))
    return unsigned(delivery.headers);
  const proven = claims.find(({ claim, secret }) =>
    claim.given.some((given) => same(given, claim.expected(secret))),
  )?.claim;
  if (!proven)
    return refused(
      'hook.bad-signature',
      'The signature is not by a secret of this repository over these very bytes.',
    );
  if (!ID.test(proven.id))
    return refused('hook.no-delivery-id', 'The delivery has no id of 8 to 128 characters.');
  if (proven.at !== undefined && Math.abs(now.getTime() / 1_000 - proven.at) > MAX_AGE_S)
    return refused('hook.too-old', `The delivery is not of the last ${MAX_AGE_S / 60} minutes.`);
  return { proven: true, keys: [`id ${proven.id}`, ...signatureKey(proven)] };
}

/** Where the id is not signed, the same signature under another id is the same delivery. */
const signatureKey = ({ at, signature }: Claim): readonly string[] =>
  at === undefined && signature !== ''
    ? [`signature ${createHash('sha256').update(signature).digest('hex')}`]
    : [];

const CLAIMS: Readonly<Record<HookKind, (delivery: Delivery) => Claim | undefined>> = {
  gantry: ({ headers, body }) => {
    const signature = /^v1=([0-9a-f]{64})$/.exec(one(headers, 'x-gantry-signature'))?.[1];
    const [id, time] = [one(headers, 'x-gantry-delivery'), one(headers, 'x-gantry-timestamp')];
    if (signature === undefined) return undefined;
    const expected = (secret: string) => hmac(secret, `${time}.${id}.`, body);
    return { id, signature, at: seconds(time), expected, given: [Buffer.from(signature, 'hex')] };
  },
  standard: ({ headers, body }) => {
    const signature = one(headers, 'webhook-signature');
    const [id, time] = [one(headers, 'webhook-id'), one(headers, 'webhook-timestamp')];
    const given = [...signature.matchAll(/(?:^| )v1,([A-Za-z0-9+/=]{44})(?= |$)/g)];
    if (given.length === 0) return undefined;
    const expected = (secret: string) => hmac(standardSecret(secret), `${id}.${time}.`, body);
    const bytes = given.map(([, base64 = '']) => Buffer.from(base64, 'base64'));
    return { id, signature, at: seconds(time), expected, given: bytes };
  },
  github: ({ headers, body }) => {
    const signature = /^sha256=([0-9a-f]{64})$/.exec(one(headers, 'x-hub-signature-256'))?.[1];
    if (signature === undefined) return undefined;
    const id = one(headers, 'x-github-delivery');
    const expected = (secret: string) => hmac(secret, '', body);
    return { id, signature, expected, given: [Buffer.from(signature, 'hex')] };
  },
  gitlab: ({ headers }) => {
    const token = one(headers, 'x-gitlab-token');
    if (token === '') return undefined;
    const id = one(headers, 'x-gitlab-event-uuid') || one(headers, 'idempotency-key');
    // The token is the same in every delivery: only the id tells them apart.
    return { id, signature: '', expected: digest, given: [digest(token)] };
  },
};

function unsigned(headers: IncomingHttpHeaders): Verdict {
  if (one(headers, 'x-hub-signature') !== '')
    return refused('hook.sha1', 'The delivery is signed with SHA-1 only, which proves nothing.');
  return refused('hook.unsigned', 'The delivery is not signed.');
}

const refused = (code: string, detail: string): Verdict => ({ proven: false, code, detail });

/** A header that was sent once; twice is as good as not at all. */
function one(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

const seconds = (text: string): number => (/^\d{1,12}$/.test(text) ? Number(text) : 0);
const hmac = (secret: string | Buffer, head: string, body: Buffer): Buffer =>
  createHmac('sha256', secret).update(head).update(body).digest();
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (left: Buffer, right: Buffer): boolean =>
  left.length === right.length && timingSafeEqual(left, right);

/** Standard Webhooks writes secrets as base64 behind a prefix. */
const standardSecret = (secret: string): string | Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
