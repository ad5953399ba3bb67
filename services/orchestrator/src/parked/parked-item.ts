import {
  ParkedKey,
  StreamKey,
  type AttentionOpened,
  type DataOf,
  type ServiceName,
} from '@gantry/contracts';
import type { ParkedMessage } from '@gantry/service-kit';

/** Services that take messages from queues, and park what they cannot handle. */
export const PARKING: readonly ServiceName[] = [
  'orchestrator',
  'puppet-dispatcher',
  'lb-controller',
  'build-watcher',
  'verifier',
  'audit',
  'gateway',
];

/** The key under which a parked message is listed. */
export const parkedKey = (service: ServiceName, { messageId }: ParkedMessage): string =>
  `parked.${service}.${messageId.replace(/[^A-Za-z0-9._-]/g, '_').slice(-88)}`;

/** The service a key belongs to; undefined for anything that is no key. */
export function serviceOf(key: string): ServiceName | undefined {
  const [, name] = ParkedKey.safeParse(key).success ? key.split('.') : [];
  return PARKING.find((service) => service === name);
}

/** What can be told of a body that somebody could not handle: it may be anything. */
export function aboutBody(body: Uint8Array): { readonly type: string; readonly subject: string } {
  const { type, subject } = jsonOf(body);
  return {
    type: typeof type === 'string' ? type.slice(0, 64) : 'unreadable',
    subject: StreamKey.safeParse(subject).data ?? 'none',
  };
}

/** The attention item of one parked message: which stream, which type, why. */
export function parkedItem(
  service: ServiceName,
  message: ParkedMessage,
): DataOf<typeof AttentionOpened> {
  const { type, subject } = aboutBody(message.body);
  const key = parkedKey(service, message);
  return {
    key,
    kind: 'message-parked',
    title: `${service} could not handle a message: ${printable(type)}`,
    detail: printable(
      `stream ${subject}, type ${type}, from ${message.from}, tried ${message.attempts} times: ${message.code}: ${message.reason}`,
    ).slice(0, 4_000),
    todo: `Mend the cause and give it back: gantry parked replay ${key} --reason TEXT; or take it away: gantry parked drop ${key} --reason TEXT.`,
  };
}

function jsonOf(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** Whoever sent it may have put anything in: one line of plain text is left. */
// eslint-disable-next-line no-control-regex -- these are what is taken out
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
