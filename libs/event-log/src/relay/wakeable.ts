/** A pause that can be cut short; a wake-up that comes while nobody sleeps is not lost. */
export class Wakeable {
  private woken = false;
  private interrupt: (() => void) | undefined;

  /** Ends the current pause, or makes the next one end at once. */
  wake(): void {
    this.woken = true;
    this.interrupt?.();
  }

  /** Rests for a while, or until woken. */
  async sleep(ms: number): Promise<void> {
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.interrupt = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.interrupt = undefined;
    this.woken = false;
  }
}
