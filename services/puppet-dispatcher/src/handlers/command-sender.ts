import {
  Certname,
  hostCommandTopic,
  makeMessage,
  StreamKey,
  topicDestination,
  type DataOf,
  type DesiredVersionCommand,
  type ListenerRole,
  type HostFactsCommand,
  type HostQueryCommand,
  type HostResyncCommand,
  type HostRunCommand,
  type Message,
} from '@gantry/contracts';
import {
  crashPoint,
  GantryError,
  type Clock,
  type Identity,
  type IdSource,
  type MessageBus,
} from '@gantry/service-kit';
import type { CommandSigner } from '../security/command-signer.js';
import type { DispatcherMetrics } from '../dispatcher-metrics.js';

type CommandDefinition =
  | typeof HostRunCommand
  | typeof HostQueryCommand
  | typeof HostFactsCommand
  | typeof HostResyncCommand
  | typeof DesiredVersionCommand;
type SignedFields = 'aud' | 'cmdId' | 'stream' | 'iat' | 'exp';

/** A command to be signed and sent. */
export interface CommandOrder<D extends CommandDefinition> {
  readonly definition: D;
  readonly data: Omit<DataOf<D>, SignedFields>;
  readonly host: Certname;
  readonly keyId: string;
  /** Whose queue it goes to. */
  readonly role: ListenerRole;
  readonly cmdId: DataOf<typeof HostRunCommand>['cmdId'];
  readonly cause: Message;
  readonly expiresInMs: number;
}

/** What the sender works with. */
export interface SenderParts {
  readonly bus: MessageBus;
  readonly signer: CommandSigner;
  readonly metrics: DispatcherMetrics;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly identity: Identity;
}

/** Hosts refuse a command that may live longer. */
const MAX_WINDOW_MS = 120_000;

/**
 * Signs and sends commands to hosts. A request that is delivered again sends the same command id again, with a new time window:
 * the host's journal knows the id and answers instead of acting.
 */
export class CommandSender {
  constructor(private readonly parts: SenderParts) {}

  async send<D extends CommandDefinition>(order: CommandOrder<D>): Promise<void> {
    const { bus, signer, metrics, clock, ids, identity } = this.parts;
    const now = clock.now();
    const exp = new Date(now.getTime() + Math.min(order.expiresInMs, MAX_WINDOW_MS));
    const stream = streamOf(order.cause);
    const signedFields = {
      aud: { host: order.host, keyId: order.keyId },
      cmdId: order.cmdId,
      stream,
      iat: now.toISOString(),
      exp: exp.toISOString(),
    };
    const data = { ...order.data, ...signedFields } as unknown as DataOf<D>;
    const { correlationid, actor, id: causationid } = order.cause;
    const message = makeMessage(order.definition, data, {
      id: ids.uuid(),
      source: `/gantry/${identity.service}/${identity.instance}`,
      subject: stream,
      time: now.toISOString(),
      correlationid,
      causationid,
      actor,
    });
    const { body, headers } = signer.sign(message);
    const destination = destinationOf(order);
    crashPoint('sending', order.definition.type);
    await bus.send(body, { destination, group: stream, headers, expiresAt: exp });
    crashPoint('sent', order.definition.type);
    metrics.commandSent(order.definition.type);
  }
}

function destinationOf({ role, host }: Pick<CommandOrder<never>, 'role' | 'host'>): string {
  return role === 'publisher' ? topicDestination('desired.versions') : hostCommandTopic(host);
}

/** The stream that asked; replies find their way back by it. */
export function streamOf(cause: Message): StreamKey {
  const stream = StreamKey.safeParse(cause.subject);
  if (stream.success) return stream.data;
  throw new GantryError(
    'invalid',
    'dispatcher.no-stream',
    `${cause.type} names no stream in its subject: nobody could be answered.`,
  );
}
