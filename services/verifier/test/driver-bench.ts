import { randomUUID } from 'node:crypto';
import { GateSpec, GateSubject, type GateKind, type GateSpecOf } from '@gantry/contracts';
import { AllowList } from '../src/net/allow-list.js';
import { GuardedHttp, type Resolve } from '../src/net/guarded-http.js';
import type { GateContext, GateDriver, Outcome } from '../src/ports/gate-driver.port.js';

/** HTTP that may ask this machine's own servers. */
export const localHttp = (allow = '127.0.0.0/8', resolve?: Resolve): GuardedHttp =>
  new GuardedHttp(AllowList.parse(allow).list, resolve);

/** The context of a run that begins now. */
export const contextOf = (more: Partial<GateContext> = {}): GateContext => ({
  gateRunId: randomUUID(),
  subject: GateSubject.parse({
    application: 'shop',
    environment: 'staging',
    build: { name: 'shop', evr: '1.2.0-1' },
  }),
  spentMs: 0,
  marked: undefined,
  mark: () => Promise.resolve(),
  ...more,
});

/** What a run is given besides its spec. */
interface RunOptions {
  readonly context?: GateContext;
  readonly signal?: AbortSignal;
}

/** Runs a gate as the fleet file would have it. */
export function runDriver<K extends GateKind>(
  driver: GateDriver<K>,
  spec: { readonly kind: K } & Readonly<Record<string, unknown>>,
  options: RunOptions = {},
): Promise<Outcome> {
  const { context = contextOf(), signal = new AbortController().signal } = options;
  return driver.run(GateSpec.parse(spec) as GateSpecOf<K>, context, signal);
}
