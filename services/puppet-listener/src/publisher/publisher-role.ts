import { DesiredVersionPublished, DesiredVersionRefused, publisherQueue } from '@gantry/contracts';
import { join } from 'node:path';
import type { Config } from '../config.js';
import type { Received } from '../connection/link.js';
import { log } from '../host/log.js';
import { ConfigError, requireOwned } from '../host/owned-folder.js';
import { RoleContext } from '../role-context.js';
import type { ParsedCommand } from '../security/parse-command.js';
import { writeVersions } from './hiera-file.js';

const PREFETCH = 5;
type Desired = Extract<ParsedCommand, { action: 'desired' }>;

/** The role beside a Puppet server: puts each host's wanted versions where Hiera looks for them. */
export class PublisherRole {
  private constructor(
    private readonly context: RoleContext,
    private readonly hieraDir: string,
  ) {}

  static start(config: Config): PublisherRole {
    const { hieraDir } = config;
    if (hieraDir === undefined) throw new ConfigError('GANTRY_HIERA_DIR is not set');
    requireOwned(hieraDir);
    const context = new RoleContext(config);
    const role = new PublisherRole(context, hieraDir);
    const queue = { destination: publisherQueue(config.certname), prefetch: PREFETCH };
    context.serve(
      queue,
      (message) => role.take(message),
      () => undefined,
    );
    return role;
  }

  stop(): Promise<void> {
    return this.context.stop();
  }

  private take(message: Received): void {
    const answer = this.context.check(message);
    if (answer.kind === 'refused') {
      this.context.refusals.add(answer);
      if (answer.command?.action === 'desired') this.refuse(answer.command, answer.detail);
    }
    if (answer.kind === 'accepted' && answer.command.action === 'desired')
      this.publish(answer.command);
    message.ack();
  }

  /** The mark goes before the file: after a crash between the two an older message is still refused, and this one comes again. */
  private publish(command: Desired): void {
    const { cmdId, host, seq, epoch, versions } = command.data;
    try {
      const keys = versions.map((version) => version.hieraKey);
      this.context.memory.append({ kind: 'desired', cmdId, host, keys, seq, epoch });
      writeVersions(join(this.hieraDir, `${host}.yaml`), versions);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.refuse(command, `${host}.yaml was not written: ${reason}`);
      return;
    }
    log('info', 'versions published', { host, cmdId });
    const data = { subjectHost: host };
    this.context.outbox.send({
      definition: DesiredVersionPublished,
      data,
      context: command.context,
    });
  }

  private refuse({ data, context }: Desired, reason: string): void {
    log('warn', 'versions refused', { host: data.host, cmdId: data.cmdId, reason });
    const reply = { subjectHost: data.host, reason: reason.slice(0, 1_000) };
    this.context.outbox.send({ definition: DesiredVersionRefused, data: reply, context });
  }
}
