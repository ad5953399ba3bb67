/** A workflow of the steps bench: as many durable steps as this, one after the other. */
export const STEPS = 10;

/** One way to run workflows durably. */
export interface StepEngine {
  readonly name: string;
  /** Runs one workflow of STEPS steps to its end. */
  run(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Lets somebody wait for workflows whose end is told elsewhere. */
export class Endings {
  private readonly waiting = new Map<string, () => void>();

  waitFor(id: string): Promise<void> {
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  ended(id: string): void {
    this.waiting.get(id)?.();
    this.waiting.delete(id);
  }
}
