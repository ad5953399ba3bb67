import { makeMessage, type AnyMessage, type DataOf, type Message } from '@gantry/contracts';
import { Log, type MessageBus, type PublishOptions, type SendOptions } from '@gantry/service-kit';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { DispatcherMetrics } from '../src/dispatcher-metrics.js';
import { CommandSender } from '../src/handlers/command-sender.js';
import type { RequestTools } from '../src/handlers/run.handler.js';
import { CommandSigner } from '../src/security/command-signer.js';
import { EnrolledKeys } from '../src/security/enrolled-keys.js';

export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const STREAM = 'deployment-018f0000-0000-7000-8000-000000000001';
const ID = '018f0000-0000-7000-8000-0000000000aa';

/** A bus that keeps what it is given. */
export class FakeBus implements MessageBus {
  readonly published: {
    readonly type: string;
    readonly data: unknown;
    readonly options: PublishOptions;
  }[] = [];
  readonly sent: { readonly body: Buffer; readonly options: SendOptions }[] = [];

  publish<D extends AnyMessage>(
    definition: D,
    data: DataOf<D>,
    options: PublishOptions,
  ): Promise<void> {
    makeMessage(definition, data, envelope());
    this.published.push({ type: definition.type, data, options });
    return Promise.resolve();
  }

  send(body: Uint8Array, options: SendOptions): Promise<void> {
    this.sent.push({ body: Buffer.from(body), options });
    return Promise.resolve();
  }

  forward(): never {
    throw new Error('nothing is forwarded here');
  }

  request(): never {
    throw new Error('nothing is asked here');
  }
}

/** A dispatcher's parts around a fake bus, with real keys in a folder. */
export class Bench {
  readonly bus = new FakeBus();
  readonly folder = mkdtempSync(join(tmpdir(), 'gantry-dispatcher-'));
  readonly keys = new EnrolledKeys(this.folder);
  readonly registry = new Registry();
  readonly metrics = new DispatcherMetrics(this.registry);
  readonly log = new Log({ service: 'spec', write: () => undefined });
  readonly signing = generateKeyPairSync('ed25519');
  readonly tools: RequestTools;

  constructor() {
    const clock = { now: () => NOW };
    const pem = this.signing.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const sender = new CommandSender({
      bus: this.bus,
      signer: new CommandSigner(pem, 'dispatcher-a'),
      metrics: this.metrics,
      clock,
      ids: { uuid: () => ID },
      identity: { service: 'puppet-dispatcher', instance: 'a1' },
    });
    const { bus, keys, metrics, log } = this;
    this.tools = { bus, keys, sender, metrics, clock, log };
  }

  /** Puts a listener's key in place and returns the private half. */
  enrol(name: string): KeyObject {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(
      join(this.folder, `${name}.pub`),
      publicKey.export({ type: 'spki', format: 'pem' }),
    );
    return privateKey;
  }
}

/** A request as the orchestrator's relay publishes it. */
export function request<D extends AnyMessage>(
  definition: D,
  data: object,
  ageMs = 0,
): Message<D['type']> {
  const time = new Date(NOW.getTime() - ageMs).toISOString();
  return makeMessage(definition, data as DataOf<D>, { ...envelope(), time });
}

function envelope() {
  return {
    ...{
      id: ID,
      source: '/gantry/orchestrator/a1',
      subject: STREAM as never,
      time: NOW.toISOString(),
    },
    ...{ correlationid: ID, causationid: ID, actor: 'anna' as never },
  };
}
