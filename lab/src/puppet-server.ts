import { access, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { dirname, join } from 'node:path';
import { LabError } from './lab-error.js';
import type { ManagedProcess } from './processes.js';
import { puppetCode } from './puppet-code.js';
import {
  BOOTSTRAP,
  confD,
  LOGBACK,
  puppetConf,
  type PuppetServerPaths,
} from './puppet-server-config.js';
import type { Workspace } from './workspace.js';

const JAR = '/usr/share/puppetserver/puppetserver.jar';
const DEBIAN_CONF = '/etc/puppet/puppetserver/conf.d';

/** How a private Puppet server is started. */
export interface PuppetServerOptions {
  readonly workspace: Workspace;
  /** The lab network's gateway; hosts reach it there on Puppet's normal port. */
  readonly address: string;
  readonly domain: string;
  /** The version every host gets that has no file of its own. */
  readonly baseline: string;
}

/** A real Puppet server with a CA of its own, signing the lab's domain only. */
export class PuppetServer {
  private process: ManagedProcess | undefined;

  private constructor(
    private readonly workspace: Workspace,
    private readonly paths: PuppetServerPaths,
  ) {}

  static async start(options: PuppetServerOptions): Promise<PuppetServer> {
    const { workspace, address, domain } = options;
    await requirePuppetServer();
    const base = await workspace.folder('puppetserver');
    const paths = { base, address, domain, certname: `puppet.${domain}` };
    const server = new PuppetServer(workspace, paths);
    await server.configure(options.baseline);
    await server.up();
    return server;
  }

  /** Its folders only, for a lab whose hosts play their Puppet: versions are published there and nobody serves them. */
  static async foldersOnly(options: PuppetServerOptions): Promise<PuppetServer> {
    const { workspace, address, domain } = options;
    const base = await workspace.folder('puppetserver');
    const paths = { base, address, domain, certname: `puppet.${domain}` };
    const server = new PuppetServer(workspace, paths);
    await mkdir(server.desiredVersionsDir, { recursive: true });
    return server;
  }

  get certname(): string {
    return this.paths.certname;
  }

  get logFile(): string {
    return this.workspace.path('puppetserver', 'server.log');
  }

  /** The environment's folder: manifests, modules, Hiera data. */
  get environmentDir(): string {
    return join(this.paths.base, 'code', 'environments', 'production');
  }

  /** Where the publisher writes one file of wanted versions per certname. */
  get desiredVersionsDir(): string {
    return join(this.environmentDir, 'data', 'deploy');
  }

  /** Writes a host's wanted version as the publisher does: by rename, because an in-place write may go unseen. */
  async want(certname: string, version: string): Promise<void> {
    await this.writeCode(
      `data/deploy/${certname}.yaml`,
      `---\nprofile::shop::version: '${version}'\n`,
    );
  }

  /** Replaces one file of the environment, e.g. a manifest that does not compile. */
  async writeCode(path: string, content: string): Promise<void> {
    const target = join(this.environmentDir, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(`${target}.new`, content);
    await rename(`${target}.new`, target);
  }

  /** Forgets a host's certificate, so that a host made again under its name gets a new one. */
  async forgetCertificate(certname: string): Promise<void> {
    await rm(join(this.paths.base, 'ca', 'signed', `${certname}.pem`), { force: true });
  }

  async up(): Promise<void> {
    this.process = await this.workspace.start({
      name: 'Puppet server',
      argv: javaCommand(this.paths.base),
      logFile: this.logFile,
      ready: () => this.answers(),
      // 26 s on two idle cores, 120 s when ten other programs want them.
      deadlineMs: 400_000,
      advice: 'free memory (it needs about 800 MB), or read the log',
    });
  }

  async down(): Promise<void> {
    await this.process?.stop();
  }

  async kill9(): Promise<void> {
    await this.process?.kill9();
  }

  async stop(): Promise<void> {
    // Nothing of it is worth an orderly end: its files go away with the workspace.
    await this.kill9();
  }

  private answers(): Promise<boolean> {
    const url = `https://${this.paths.address}:8140/status/v1/simple`;
    return new Promise((resolve) => {
      const request = get(url, { rejectUnauthorized: false, timeout: 2_000 }, (response) => {
        response.on('data', (body: Buffer) => resolve(body.toString().startsWith('running')));
        response.on('end', () => resolve(false));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(false));
    });
  }

  private async configure(baseline: string): Promise<void> {
    const { base, domain } = this.paths;
    const folders = ['conf', 'conf.d', 'services.d', 'var', 'run', 'log', 'gems'];
    for (const folder of folders) await mkdir(join(base, folder), { recursive: true });
    for (const file of ['auth.conf', 'ca.conf', 'metrics.conf', 'web-routes.conf'])
      await copyFile(join(DEBIAN_CONF, file), join(base, 'conf.d', file));
    const files = {
      'conf/puppet.conf': puppetConf(this.paths),
      'conf/autosign.conf': `*.${domain}\n`,
      'conf/logback.xml': LOGBACK,
      'services.d/bootstrap.cfg': BOOTSTRAP,
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(base, name), content);
    for (const [name, content] of Object.entries(confD(this.paths)))
      await writeFile(join(base, 'conf.d', name), content);
    for (const [name, content] of Object.entries(puppetCode(baseline)))
      await this.writeCode(name, content);
    await mkdir(this.desiredVersionsDir, { recursive: true });
  }
}

// One JRuby, interpreted, on the client compiler: measured a third faster to start than the defaults.
function javaCommand(base: string): string[] {
  return [
    'java',
    ...['-Xms256m', '-Xmx768m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
    '-Djruby.compile.mode=OFF',
    '-Djruby.logger.class=com.puppetlabs.jruby_utils.jruby.Slf4jLogger',
    '-Djruby.lib=/usr/share/jruby/lib',
    ...['-jar', JAR, '--config', `${base}/conf.d`, '--bootstrap-config', `${base}/services.d`],
    ...['--restart-file', `${base}/run/restart`],
  ];
}

async function requirePuppetServer(): Promise<void> {
  await access(JAR).catch((cause: unknown) => {
    throw new LabError('Cannot start Puppet server', `no ${JAR}`, 'apt-get install puppetserver', {
      cause,
    });
  });
}
