import { publisherQueue } from '@gantry/contracts';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { ConfigError, requireOwned } from '../host/owned-folder.js';
import { RoleContext } from '../role-context.js';
import { writeVersions } from './hiera-file.js';
import { VersionDesk } from './version-desk.js';

const PREFETCH = 5;

/** The role beside a Puppet server: puts each host's wanted versions where Hiera looks for them. */
export class PublisherRole {
  private constructor(private readonly context: RoleContext) {}

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
      send: (reply) => context.outbox.send(reply),
      write: (host, versions) => writeVersions(join(hieraDir, `${host}.yaml`), versions),
    });
    const queue = { destination: publisherQueue(config.certname), prefetch: PREFETCH };
    context.serve(
      queue,
      (message) => desk.take(message),
      () => undefined,
    );
    return role;
  }

  stop(): Promise<void> {
    return this.context.stop();
  }
}
