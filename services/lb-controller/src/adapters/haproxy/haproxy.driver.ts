import type { DeviceName } from '@gantry/contracts';
import type {
  AdminState,
  DriverTiming,
  LoadBalancerDriver,
  PoolReading,
} from '../../ports/load-balancer-driver.port.js';
import { notFound, rejected } from '../../ports/lb-error.js';
import { poolQuestion, readPoolAnswer } from './pool-answer.js';
import type { RuntimeSocket } from './runtime-socket.js';

const WORD: Readonly<Record<AdminState, string>> = { in: 'ready', drain: 'drain', off: 'maint' };
/** What HAProxy allows in names; anything else could end a command and begin another. */
const NAME = /^[A-Za-z0-9_.:-]{1,200}$/;
const UNKNOWN = /^(?:No such backend|No such server|Can't find backend)\./;

/** HAProxy 2.x through its Runtime API. */
export class HaproxyDriver implements LoadBalancerDriver {
  constructor(
    readonly device: DeviceName,
    readonly timing: DriverTiming,
    private readonly socket: Pick<RuntimeSocket, 'ask'>,
  ) {}

  async readPool(backend: string): Promise<PoolReading> {
    this.requireName(backend);
    return readPoolAnswer(this.device, backend, await this.socket.ask(poolQuestion(backend)));
  }

  setAdmin(backend: string, member: string, want: AdminState): Promise<void> {
    return this.tell(backend, member, (server) => `set server ${server} state ${WORD[want]}`);
  }

  killConnections(backend: string, member: string): Promise<void> {
    return this.tell(backend, member, (server) => `shutdown sessions server ${server}`);
  }

  private async tell(
    backend: string,
    member: string,
    command: (server: string) => string,
  ): Promise<void> {
    this.requireName(backend);
    this.requireName(member);
    const said = command(`${backend}/${member}`);
    const answer = (await this.socket.ask(said)).trim();
    // Success is an empty line; every text is an error.
    if (UNKNOWN.test(answer)) throw notFound(this.device, `server ${backend}/${member}`, answer);
    if (answer !== '') throw rejected(this.device, said, answer.slice(0, 200));
  }

  private requireName(name: string): void {
    if (!NAME.test(name)) throw notFound(this.device, JSON.stringify(name), 'not a HAProxy name');
  }
}
