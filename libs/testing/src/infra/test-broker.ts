import {
  brokerConnection,
  brokerEnvironment,
  type BrokerConnection,
  type BrokerCredentials,
} from '@gantry/lab';
import { TestServer, type ServerControl } from './test-server.js';

/** A broker that a provider started or found. */
export interface BrokerServer extends ServerControl {
  /** `stomp://host:port`, or `stomp+ssl`. */
  readonly uri: string;
  /** The account of a principal: `orchestrator`, `host.web1.lab`, `publisher.puppet.lab`, `ops`, ... */
  readonly credentials: (principal: string) => BrokerCredentials;
}

/** An ActiveMQ for one spec file, with Gantry's accounts and rights. */
export class TestBroker extends TestServer {
  constructor(private readonly server: BrokerServer) {
    super(server);
  }

  get uri(): string {
    return this.server.uri;
  }

  credentials(principal: string): BrokerCredentials {
    return this.server.credentials(principal);
  }

  /** The settings of a service that is this principal. */
  environment(principal: string): Readonly<Record<string, string>> {
    return brokerEnvironment(this.uri, this.credentials(principal));
  }

  /** How a client of this principal connects. */
  connection(principal: string): BrokerConnection {
    return brokerConnection(this.uri, this.credentials(principal));
  }
}
