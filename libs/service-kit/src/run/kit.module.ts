import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { RpcErrorFilter } from '@gantry/stomp-transport';
import { CONFIG, IDENTITY, type Identity, type KitConfig } from '../config/config.token.js';
import { HealthChecks } from '../health/health-checks.js';
import { HealthController } from '../health/health.controller.js';
import { Log } from '../logging/log.js';
import { DeliveryInterceptor } from '../messaging/delivery.interceptor.js';
import { BUS, type MessageBus } from '../messaging/bus.port.js';
import { FailedTypes } from '../messaging/failed-types.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { Metrics } from '../metrics/metrics.js';
import { PresenceBeacon } from '../presence/presence-beacon.js';
import { CLOCK, type Clock } from '../time/clock.port.js';
import { IDS, type IdSource } from '../time/id-source.port.js';

/** What exists before the application does, and is given to every provider of the service. */
export interface KitParts {
  readonly identity: Identity;
  readonly config: KitConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: HealthChecks;
  readonly failed: FailedTypes;
  readonly bus: MessageBus;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The root module of every service: the kit's parts for all, and the service's own module. */
@Global()
@Module({})
export class KitModule {
  static around(service: Type | DynamicModule, parts: KitParts): DynamicModule {
    const values = [
      { provide: IDENTITY, useValue: parts.identity },
      { provide: CONFIG, useValue: parts.config },
      { provide: Log, useValue: parts.log },
      { provide: Metrics, useValue: parts.metrics },
      { provide: HealthChecks, useValue: parts.health },
      { provide: FailedTypes, useValue: parts.failed },
      { provide: BUS, useValue: parts.bus },
      { provide: CLOCK, useValue: parts.clock },
      { provide: IDS, useValue: parts.ids },
    ];
    return {
      module: KitModule,
      imports: [service],
      controllers: [HealthController, MetricsController],
      providers: [
        ...values,
        PresenceBeacon,
        { provide: APP_FILTER, useClass: RpcErrorFilter },
        { provide: APP_INTERCEPTOR, useClass: DeliveryInterceptor },
      ],
      exports: values.map(({ provide }) => provide),
    };
  }
}
