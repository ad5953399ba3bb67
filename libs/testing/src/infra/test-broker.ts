import type { BrokerCredentials } from '@gantry/lab';
import { TestServer, type ServerControl } from './test-server.js';

/** A broker that a provider started or found. */
export interface BrokerServer extends ServerControl {
  /** `stomp://host:port`. */
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
}
