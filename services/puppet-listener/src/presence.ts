import {
  HOST_PRESENCE_TOPIC,
  HostPresence,
  type MessageDefinition,
  type DataOf,
} from '@gantry/contracts';
import { randomUUID } from 'node:crypto';
import type { Config } from './config.js';
import type { Link } from './connection/link.js';
import { signedMessage } from './reply/reply-signer.js';
import type { HostKey } from './security/host-key.js';
import { LISTENER_VERSION } from './version.js';

/** Publishes what may be lost: not stored, not confirmed, signed all the same. */
export function publishNotice<D extends MessageDefinition>(
  link: Link | undefined,
  destination: string,
  definition: D,
  data: DataOf<D>,
  { host, key }: { readonly host: string; readonly key: HostKey },
): void {
  if (link === undefined) return;
  const id = randomUUID();
  const parts = { id, host, time: new Date().toISOString(), correlationid: id, causationid: id };
  const message = signedMessage(
    definition,
    data,
    { ...parts, actor: 'puppet-listener' as never },
    key,
  );
  link.send('SEND', { ...message.headers, destination, persistent: 'false' }, message.body);
}

/** Says every few seconds that this listener is alive, and what it is busy with. */
export class Presence {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly key: HostKey,
    private readonly bootId: string,
    private readonly busyWith: () => string | undefined,
  ) {}

  start(link: () => Link | undefined): void {
    this.timer = setInterval(() => this.say(link()), this.config.presenceMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private say(link: Link | undefined): void {
    const { certname: host, role } = this.config;
    const { key, bootId } = this;
    const busyWith = (this.busyWith() ?? null) as DataOf<typeof HostPresence>['busyWith'];
    const data = {
      host,
      keyId: key.keyId,
      role,
      bootId,
      listenerVersion: LISTENER_VERSION,
      busyWith,
    };
    publishNotice(link, HOST_PRESENCE_TOPIC, HostPresence, data as DataOf<typeof HostPresence>, {
      host,
      key,
    });
  }
}
