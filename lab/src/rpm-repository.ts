import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { freePort } from './ports.js';
import { run } from './run.js';
import { MARKERS_SPEC, type ShopBuild, shopSpec, type ShopVariant } from './shop-rpm.js';
import { StaticServer } from './static-server.js';
import { Workspace } from './workspace.js';

/** How the lab's yum repository is started. */
export interface RpmRepositoryOptions {
  /** Without one, a workspace is made and closed with stop(). */
  readonly workspace?: Workspace;
  /** Where HTTP is offered; hosts need the lab network's gateway. */
  readonly address?: string;
}

/** What to build and publish. */
export interface PublishOptions {
  readonly version: string;
  readonly release?: string;
  readonly variant?: ShopVariant;
}

/** An RPM in the repository. */
export interface PublishedRpm {
  readonly name: string;
  /** VERSION-RELEASE, as Hiera wants it. */
  readonly version: string;
  readonly nevra: string;
  readonly fileName: string;
  readonly sha256: string;
}

/** A real yum repository: rpmbuild, createrepo_c, HTTP. */
export class RpmRepository {
  private publishing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly workspace: Workspace,
    private readonly ownsWorkspace: boolean,
    readonly folder: string,
    private readonly server: StaticServer,
  ) {}

  static async start(options: RpmRepositoryOptions = {}): Promise<RpmRepository> {
    const workspace = options.workspace ?? (await Workspace.open());
    const folder = await workspace.folder('repository');
    const address = options.address ?? '127.0.0.1';
    const server = new StaticServer(folder, address, await freePort([address]));
    const repository = new RpmRepository(workspace, !options.workspace, folder, server);
    await repository.index();
    workspace.onClose('the repository', () => server.down());
    await server.up();
    return repository;
  }

  get url(): string {
    return this.server.url;
  }

  /** Builds a version of shop and adds it to the repository; publications run one after the other. */
  publish(options: PublishOptions): Promise<PublishedRpm> {
    return this.oneAtATime(async () => {
      const build: ShopBuild = { release: '1', variant: 'normal', ...options };
      const [file = ''] = await this.build(
        `shop-${build.version}-${build.release}`,
        shopSpec(build),
      );
      return this.add(file, `${build.version}-${build.release}`);
    });
  }

  /** Adds the marker packages every host needs before its first Puppet run. */
  publishMarkers(): Promise<void> {
    return this.oneAtATime(async () => {
      for (const file of await this.build('lab-release', MARKERS_SPEC))
        await this.add(file, '12-1');
    });
  }

  /** Takes an RPM out of the repository again. */
  remove(fileName: string): Promise<void> {
    return this.oneAtATime(async () => {
      await rm(join(this.folder, fileName), { force: true });
      await this.index();
    });
  }

  down(): Promise<void> {
    return this.server.down();
  }

  up(): Promise<void> {
    return this.server.up();
  }

  async stop(): Promise<void> {
    await this.server.down();
    if (this.ownsWorkspace) await this.workspace.close();
  }

  private async build(name: string, spec: string): Promise<string[]> {
    const top = await this.workspace.folder('rpmbuild', `${name}-${Date.now()}`);
    const specFile = join(top, `${name}.spec`);
    await writeFile(specFile, spec);
    await run(['rpmbuild', '-bb', '--quiet', '--define', `_topdir ${top}`, specFile]);
    const folder = join(top, 'RPMS', 'noarch');
    return (await readdir(folder)).map((file) => join(folder, file));
  }

  // createrepo_c lists a file that is half written: copy under a name it ignores, then rename.
  private async add(file: string, version: string): Promise<PublishedRpm> {
    const fileName = basename(file);
    const hidden = join(this.folder, `.${fileName}.new`);
    await copyFile(file, hidden);
    await rename(hidden, join(this.folder, fileName));
    await this.index();
    const sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    const nevra = fileName.replace(/\.rpm$/, '');
    return { name: nevra.slice(0, nevra.indexOf(`-${version}`)), version, nevra, fileName, sha256 };
  }

  // Old metadata stays for readers that hold the previous repomd.xml.
  private async index(): Promise<void> {
    const flags = ['-q', '--no-database', '--update', '--retain-old-md=5'];
    await run(['createrepo_c', ...flags, this.folder]);
  }

  private oneAtATime<T>(task: () => Promise<T>): Promise<T> {
    const result = this.publishing.then(task);
    this.publishing = result.catch(() => undefined);
    return result;
  }
}
