/** What a provider knows of one server: how to take it away, bring it back and be done with it. */
export interface ServerControl {
  /** Other people's data may live there: it is handed back as it was found. */
  readonly shared: boolean;
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A server that a test may take away and bring back. */
export abstract class TestServer {
  private away = false;

  protected constructor(private readonly control: ServerControl) {}

  /** Takes it away as a crash does: clients are cut off, nothing is flushed. */
  async down(): Promise<void> {
    this.away = true;
    await this.control.down();
  }

  /** Brings it back at the same address, with what it had stored; settles when it answers. */
  async up(): Promise<void> {
    await this.control.up();
    this.away = false;
  }

  async restart(): Promise<void> {
    await this.down();
    await this.up();
  }

  /** Leaves nothing behind: no process, no container; on a shared server, nothing the test made. */
  async stop(): Promise<void> {
    if (this.control.shared) {
      if (this.away) await this.up();
      await this.cleanUp();
    }
    await this.control.stop();
  }

  protected cleanUp(): Promise<void> {
    return Promise.resolve();
  }
}
