import { Certname, HostKeySeen, publisherQueue, topicDestination } from '@gantry/contracts';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { ConfigError, requireOwned } from '../host/owned-folder.js';
import { publishNotice } from '../presence.js';
import { RoleContext } from '../role-context.js';
import { writeVersions } from './hiera-file.js';
import { KeyScout } from './key-scout.js';
import { VersionDesk } from './version-desk.js';

const PREFETCH = 5;

/** The role beside a Puppet server: puts each host's wanted versions where Hiera looks for them. */
export class PublisherRole {
  private readonly scout: KeyScout | undefined;

  private constructor(private readonly context: RoleContext) {
    const { factsDir: folder } = context.config;
    const tell = (host: Certname, publicKey: string): void => this.tell(host, publicKey);
    if (folder !== undefined) this.scout = new KeyScout({ folder, tell, nowMs: () => Date.now() });
  }

  static start(config: Config): PublisherRole {
    const { hieraDir } = config;
    if (hieraDir === undefined) throw new ConfigError('GANTRY_HIERA_DIR is not set');
    requireOwned(hieraDir);
    const context = new RoleContext(config);
    const role = new PublisherRole(context);
    const desk = new VersionDesk({
      check: (message) => context.check(message),
      memory: context.memory,
      refusals: context.refusals,
      resync: context.resync,
      send: (reply) => context.outbox.send(reply),
      write: (host, versions) => writeVersions(join(hieraDir, `${host}.yaml`), versions),
    });
    const queue = { destination: publisherQueue(config.certname), prefetch: PREFETCH };
    context.serve(
      queue,
      (message) => desk.take(message),
      () => undefined,
    );
    role.scout?.start();
    return role;
  }

  stop(): Promise<void> {
    this.scout?.stop();
    return this.context.stop();
  }

  private tell(host: Certname, publicKey: string): void {
    const { config, key, link } = this.context;
    const server = Certname.parse(config.certname);
    const data = { server, keyId: key.keyId, host, publicKey };
    const by = { host: config.certname, key };
    publishNotice(link, topicDestination('host.replies'), HostKeySeen, data, by);
  }
}
