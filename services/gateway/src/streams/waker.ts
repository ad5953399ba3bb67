/** Lets a loop sleep until there is something to do; a call that comes while it works is not lost. */
export class Waker {
  private called = false;
  private wake: (() => void) | undefined;

  /** There may be something to do. */
  call(): void {
    this.called = true;
    this.wake?.();
  }

  /** Sleeps until called, or for so long; tells whether it was called. */
  async sleep(ms: number): Promise<boolean> {
    if (!this.called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = undefined;
    }
    const called = this.called;
    this.called = false;
    return called;
  }
}
