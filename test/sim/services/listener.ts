import { hostCommandQueue, publisherQueue } from '@gantry/contracts';
import type { Delivery, Life } from '@gantry/testing/sim';
import { CommandDesk } from '../../../services/puppet-listener/src/agent/command-desk.js';
import { RunConductor } from '../../../services/puppet-listener/src/agent/run-conductor.js';
import type { Received } from '../../../services/puppet-listener/src/connection/link.js';
import { JournalKeeper } from '../../../services/puppet-listener/src/journal/journal-keeper.js';
import { VersionDesk } from '../../../services/puppet-listener/src/publisher/version-desk.js';
import { RefusalDesk } from '../../../services/puppet-listener/src/reply/refusal-desk.js';
import { ReplyOutbox } from '../../../services/puppet-listener/src/reply/reply-outbox.js';
import { ResyncDesk } from '../../../services/puppet-listener/src/reply/resync-desk.js';
import { checkCommand } from '../../../services/puppet-listener/src/security/command-gate.js';
import type { GateAnswer } from '../../../services/puppet-listener/src/security/gate-view.js';
import type { Role } from '../../../services/puppet-listener/src/security/parse-command.js';
import type { Branch } from '../world/branches.js';
import { SERVER } from '../world/fleet-text.js';
import type { HostModel } from '../world/host-model.js';
import type { MemoryDisk } from '../world/memory-disk.js';
import { ModelPuppetHost } from '../world/model-puppet-host.js';
import { signerOf, type World } from '../world/world.js';
import { DISPATCHER_KEY_ID } from './dispatcher.js';
import { publish } from './life-bus.js';

const PREFETCH = 5;
const PUMP_AGAIN_MS = 2_000;

// No branch for `old-sequence`: what a host disowned it remembers by its id, and a new claim comes with a higher epoch, so both answer first.
const REFUSALS: Readonly<Record<string, Branch>> = {
  'old-epoch': 'command refused by a host: old epoch',
  disowned: 'command refused by a host: disowned',
};

/** What both roles of a listener stand on, in one life: gate, journal and outbox are the real ones. */
class Standing {
  readonly memory: JournalKeeper;
  readonly outbox: ReplyOutbox;
  readonly refusals: RefusalDesk;
  readonly resync: ResyncDesk;
  private readonly keyId: string;

  constructor(
    private readonly world: World,
    private readonly life: Life,
    private readonly self: { readonly role: Role; readonly certname: string },
    disk: MemoryDisk,
    bootId: string,
  ) {
    const { sim } = world;
    const { privateKey, keyId } = signerOf(`${self.role} ${self.certname}`);
    this.keyId = keyId;
    this.memory = new JournalKeeper(
      () => disk.openJournal(sim.now()),
      (numbers) => {
        world.branches.hit('journal begun anew');
        return disk.resyncJournal(sim.now(), numbers);
      },
    );
    this.outbox = new ReplyOutbox(
      {
        host: self.certname,
        key: { keyId, privateKey },
        bootId,
        now: () => sim.now(),
        newId: () => world.uuid(),
      },
      () => ({ confirmed: (_command, headers, body) => this.send(headers, body ?? '') }),
    );
    const { role } = self;
    const quiet = { add: (): void => undefined };
    this.refusals = new RefusalDesk(role, quiet, (reply) => this.outbox.send(reply));
    this.resync = new ResyncDesk(role, this.memory, this.refusals, (reply) =>
      this.outbox.send(reply),
    );
  }

  check({ body, headers }: Pick<Received, 'body' | 'headers'>): GateAnswer {
    const raw = { body, keyId: headers['x-kid'], signature: headers['x-sig'] };
    const answer = checkCommand(raw, {
      self: { ...this.self, keyId: this.keyId },
      findKey: () => ({
        publicKey: signerOf(DISPATCHER_KEY_ID).publicKey,
        notBefore: undefined,
        notAfter: undefined,
      }),
      ledger: this.memory.ledger,
      trouble: this.memory.trouble,
      policy: {
        packages: this.world.scenario.applications.map(({ name }) => name),
        noopOnly: false,
      },
      now: this.world.sim.now(),
    });
    if (answer.kind === 'repeat') this.world.branches.hit('duplicate command ignored by a host');
    if (answer.kind === 'refused') this.noteRefusal(answer.code);
    return answer;
  }

  /** A command is taken in one go: a listener killed before its acknowledgement gets it again. */
  take(delivery: Delivery, desk: { take: (message: Received) => void }): void {
    const { body, headers } = delivery;
    const ack = (): void => {
      if (!this.world.crash.reach(this.life, 'before-ack', [headers['x-type'] ?? '']))
        delivery.ack();
    };
    desk.take({ body, headers, ack });
  }

  private noteRefusal(code: string): void {
    this.world.sim.trace.note(this.self.certname, `refuses a command: ${code}`);
    const branch =
      this.self.role === 'publisher'
        ? 'version published by an older command refused'
        : REFUSALS[code];
    if (branch !== undefined) this.world.branches.hit(branch);
  }

  private async send(headers: Readonly<Record<string, string>>, body: string): Promise<void> {
    const { destination = '', JMSXGroupID: groupId } = headers;
    try {
      await publish(this.world, this.life, {
        destination,
        body,
        headers,
        ...(groupId === undefined ? {} : { groupId }),
      });
    } catch (error) {
      // The real outbox is pumped again when there is a connection again.
      this.life.after(PUMP_AGAIN_MS, () => void this.outbox.pump());
      throw error;
    }
  }
}

/** One life of the listener on a host. */
export function bootAgent(world: World, life: Life, host: HostModel): void {
  const { sim } = world;
  const self = { role: 'agent', certname: host.name } as const;
  const standing = new Standing(world, life, self, host.disk, host.bootId);
  const { memory, outbox, refusals, resync } = standing;
  const puppet = new ModelPuppetHost(world, host, life);
  const now = (): Date => sim.now();
  const luck = sim.random.fork(`probe ${host.name} ${world.uuid()}`);
  const conductor = new RunConductor({
    memory,
    puppet,
    probe: async () => {
      await life.sleep(luck.between(1_000, 4_000));
      const healthy = host.isWell;
      return {
        healthy,
        goodInRow: healthy ? 3 : 0,
        attempts: 3,
        lastStatus: healthy ? 200 : 500,
        lastBody: '',
        reason: healthy ? 'good' : 'status 500, expected 200',
        finishedAt: sim.now().toISOString(),
      };
    },
    send: (reply) => outbox.send(reply),
    now,
  });
  const desk = new CommandDesk({
    check: (message) => standing.check(message),
    memory,
    conductor,
    puppet,
    refusals,
    resync,
    send: (reply) => outbox.send(reply),
    now,
  });
  void conductor.resume();
  world.broker.subscribe(hostCommandQueue(host.name), {
    life,
    prefetch: PREFETCH,
    deliver: (delivery) => standing.take(delivery, desk),
  });
}

/** One life of the publisher beside the Puppet server. */
export function bootPublisher(world: World, life: Life, disk: MemoryDisk): void {
  const self = { role: 'publisher', certname: SERVER } as const;
  const standing = new Standing(world, life, self, disk, 'server-boot');
  const desk = new VersionDesk({
    check: (message) => standing.check(message),
    memory: standing.memory,
    refusals: standing.refusals,
    resync: standing.resync,
    send: (reply) => standing.outbox.send(reply),
    write: (host, versions) => {
      const file = world.wanted.get(host) ?? new Map<string, string>();
      for (const { name, evr } of versions) file.set(name, evr);
      world.wanted.set(host, file);
      const says = [...file].map(([name, evr]) => `${name} ${evr}`).join(', ');
      world.sim.trace.note(SERVER, `writes for ${host}: ${says}`);
    },
  });
  world.broker.subscribe(publisherQueue(SERVER), {
    life,
    prefetch: PREFETCH,
    deliver: (delivery) => standing.take(delivery, desk),
  });
}
