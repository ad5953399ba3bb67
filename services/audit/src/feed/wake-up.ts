/** Lets a loop sleep until there may be something to do. */
export class WakeUp {
  private woken = false;
  private wakeNow: (() => void) | undefined;

  /** Ends the present sleep, or makes the next one end at once. */
  wake(): void {
    this.woken = true;
    this.wakeNow?.();
  }

  /** Sleeps until woken, at most this long. */
  async sleep(ms: number): Promise<void> {
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wakeNow = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wakeNow = undefined;
    }
    this.woken = false;
  }
}
