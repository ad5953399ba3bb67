import { randomUUID } from 'node:crypto';
import { waitUntil } from '@gantry/lab';
import type { FollowedDeployment } from '../dsl/followed-deployment.js';
import type { Scenario } from '../dsl/scenario.js';
import type { System } from '../dsl/system.js';

/** Versions of this suite; customers put up with all of them. */
export const VERSIONS: readonly string[] = Array.from({ length: 110 }, (_, n) => `3.${n}.0-1`);

/** One deployment after the other, each of a new build, so that there is always a host whose turn it is. */
export class Rollouts {
  private readonly all: FollowedDeployment[] = [];
  private readonly builds: string[] = [...VERSIONS];
  private going: Promise<void> | undefined;
  private asked: { readonly evr: string; readonly key: string } | undefined;

  constructor(
    private readonly system: () => System,
    private readonly words: Scenario,
  ) {}

  get newest(): FollowedDeployment | undefined {
    return this.all.at(-1);
  }

  /** Asks for the next deployment when the last has ended; one whose request was not answered is asked for again, under its key. */
  keepGoing(): Promise<void> {
    this.going ??= this.goOn().finally(() => (this.going = undefined));
    return this.going;
  }

  /** Starts one anew and tells it. */
  async begin(): Promise<FollowedDeployment> {
    await this.finish();
    for (let before = this.newest; this.newest === before;) await this.keepGoing();
    return this.newest!;
  }

  /** All that began have succeeded, and every host has what the last one brought. */
  async finish(): Promise<void> {
    // One may just be under way to be asked for.
    await this.going;
    while (this.asked !== undefined) await this.keepGoing();
    for (const deployment of this.all) await this.words.then.ends(deployment, 'succeeded');
  }

  /** A deployment that was asked for by other means. */
  adopt(id: string): void {
    this.all.push(this.system().follow(id));
  }

  /** Publishes a build, and waits until Gantry has seen it. */
  async nextBuild(): Promise<string> {
    const evr = await this.publishUnseen();
    await this.untilSeen(evr);
    return evr;
  }

  /** Puts a build into the repository. */
  async publishUnseen(): Promise<string> {
    const evr = this.builds.shift();
    if (evr === undefined) throw new Error('no versions are left: make VERSIONS longer');
    await this.system().lab.repository.publish({ version: evr.replace(/-1$/, '') });
    return evr;
  }

  async untilSeen(evr: string): Promise<void> {
    const { client } = this.system();
    await waitUntil(
      async () => (await client.builds({ name: 'shop' })).items.some((b) => b.evr === evr),
      { deadlineMs: 30_000, onTimeout: () => new Error(`build-watcher never saw shop ${evr}`) },
    );
  }

  private async goOn(): Promise<void> {
    if (this.newest !== undefined && this.newest.endings.length === 0) return;
    this.asked ??= { evr: await this.nextBuild(), key: randomUUID() };
    const { evr, key } = this.asked;
    const id = await this.request(evr, key);
    if (id === undefined) return;
    this.all.push(this.system().follow(id));
    this.asked = undefined;
  }

  private async request(evr: string, idempotencyKey: string): Promise<string | undefined> {
    const { client } = this.system();
    const request = { application: 'shop', environment: 'production', evr, reason: 'a fault case' };
    const answer = await client
      .requestDeployment(request, { idempotencyKey })
      .catch(() => undefined);
    return answer?.id;
  }
}
