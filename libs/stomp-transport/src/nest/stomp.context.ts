import { BaseRpcContext } from '@nestjs/microservices';
import type { HandlerCall } from '../delivery/message-delivery.js';

/** What a handler can ask about the message it handles, with `@Ctx()`. */
export class StompContext extends BaseRpcContext<[HandlerCall]> {
  get headers(): Readonly<Record<string, string>> {
    return this.call.message.headers;
  }

  get destination(): string {
    return this.call.message.destination;
  }

  get messageId(): string {
    return this.call.message.messageId;
  }

  /** The broker has delivered it before, perhaps to another process. It forgets that when it restarts. */
  get redelivered(): boolean {
    return this.call.message.redelivered;
  }

  /** 1 for the first try of this delivery, 2 after the first retry. */
  get attempt(): number {
    return this.call.attempt;
  }

  /** The group whose messages are handled one after the other. */
  get groupId(): string | undefined {
    return this.call.message.groupId ?? this.call.decoded.groupId;
  }

  get pattern(): string {
    return this.call.pattern;
  }

  /** What the codec put beside the data. */
  get envelope(): unknown {
    return this.call.decoded.envelope;
  }

  /** Aborted when the message is lost to this process: it will be delivered again. */
  get signal(): AbortSignal {
    return this.call.signal;
  }

  private get call(): HandlerCall {
    return this.args[0];
  }
}
