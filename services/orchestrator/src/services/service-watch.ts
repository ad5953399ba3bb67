import { Inject, Injectable } from '@nestjs/common';
import type { AttentionOpened, DataOf, FailedCheck, ServicePresence } from '@gantry/contracts';
import { CLOCK, CONFIG, Log, Repeated, type Clock } from '@gantry/service-kit';
import { AttentionDesk } from '../attention/attention-desk.js';
import { BusWatch } from '../bus/bus-watch.js';
import type { OrchestratorConfig } from '../config.js';

const LOOK_MS = 5_000;
/** A service tells of itself every five seconds; a restart, or a new version being rolled out, takes less than this. */
const ALARMING_MS = 30_000;

interface Heard {
  readonly atMs: number;
  /** Since when no check held; undefined while it is ready. */
  readonly failingSinceMs: number | undefined;
  readonly failing: readonly FailedCheck[];
}

type Trouble = 'silent' | 'not-ready' | 'none';

/**
 * One attention item for a service of which nothing is heard, or of which no replica can do its work, for half a minute. It is
 * closed when one can again.
 */
@Injectable()
export class ServiceWatch extends Repeated {
  private readonly heard = new Map<string, Map<string, Heard>>();
  private readonly told = new Map<string, Trouble>();

  constructor(
    @Inject(CONFIG)
    private readonly config: Pick<OrchestratorConfig, 'GANTRY_EXPECTED_SERVICES'>,
    @Inject(BusWatch) private readonly bus: Pick<BusWatch, 'up' | 'heardSince'>,
    @Inject(AttentionDesk) private readonly desk: Pick<AttentionDesk, 'open' | 'close'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Log) log: Log,
  ) {
    super(log, { everyMs: LOOK_MS, failure: 'silent services not told' });
  }

  /** A replica told of itself. */
  hear({ service, instance, failing }: DataOf<typeof ServicePresence>): void {
    const atMs = this.nowMs();
    const replicas = this.heard.get(service) ?? new Map<string, Heard>();
    const since = replicas.get(instance)?.failingSinceMs ?? atMs;
    const failingSinceMs = failing.length > 0 ? since : undefined;
    replicas.set(instance, { atMs, failingSinceMs, failing });
    this.heard.set(service, replicas);
  }

  protected async once(): Promise<void> {
    if (!this.bus.up) return;
    for (const service of this.config.GANTRY_EXPECTED_SERVICES) await this.judge(service);
  }

  private async judge(service: string): Promise<void> {
    const trouble = this.troubleOf(service);
    if (trouble === this.told.get(service)) return;
    for (const kind of ['silent', 'not-ready'] as const)
      if (kind !== trouble) await this.desk.close(`service.${kind}.${service}`, 'it works again');
    if (trouble === 'silent') await this.desk.open(silent(service));
    if (trouble === 'not-ready')
      await this.desk.open(notReady(service, [...this.replicasOf(service).values()]));
    this.told.set(service, trouble);
  }

  /** What was said before messages travelled again is too old to judge by. */
  private troubleOf(service: string): Trouble {
    const nowMs = this.nowMs();
    const replicas = [...this.replicasOf(service).values()];
    const listeningMs = nowMs - Date.parse(this.bus.heardSince());
    if (replicas.length === 0) return listeningMs >= ALARMING_MS ? 'silent' : 'none';
    const ready = replicas.some(
      ({ failingSinceMs }) => failingSinceMs === undefined || nowMs - failingSinceMs < ALARMING_MS,
    );
    return ready ? 'none' : 'not-ready';
  }

  /** Replicas heard of lately. */
  private replicasOf(service: string): ReadonlyMap<string, Heard> {
    const replicas = this.heard.get(service) ?? new Map<string, Heard>();
    for (const [instance, { atMs }] of replicas)
      if (this.nowMs() - atMs >= ALARMING_MS) replicas.delete(instance);
    return replicas;
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}

const silent = (service: string): DataOf<typeof AttentionOpened> => ({
  key: `service.silent.${service}`,
  kind: 'service-silent',
  title: `Nothing is heard of ${service}`,
  detail: `No replica of ${service} has told of itself for ${ALARMING_MS / 1_000} s. What it is asked waits in its queue; nothing is lost.`,
  todo: `Start ${service}, or read the end of its log.`,
});

const notReady = (service: string, replicas: readonly Heard[]): DataOf<typeof AttentionOpened> => {
  const reasons = new Set(
    replicas.flatMap(({ failing }) => failing.map(({ check, reason }) => `${check}: ${reason}`)),
  );
  return {
    key: `service.not-ready.${service}`,
    kind: 'service-not-ready',
    title: `${service} lives, but cannot do its work`,
    detail: [...reasons].join('; ').slice(0, 4_000),
    todo: `Mend what ${service} names; it goes on by itself.`,
  };
};
