/** One frame of an event stream. */
export interface Frame {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
}

/** Reads an event stream frame by frame. */
export class SseReader {
  readonly taken: Frame[] = [];
  private readonly pending: Frame[] = [];
  private rest = '';

  private constructor(
    private readonly stop: AbortController,
    private readonly body: ReadableStreamDefaultReader<Uint8Array>,
  ) {}

  static async open(url: string, headers: Record<string, string>): Promise<SseReader> {
    const stop = new AbortController();
    const response = await fetch(url, { headers, signal: stop.signal });
    if (response.status !== 200 || response.body === null)
      throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    return new SseReader(stop, response.body.getReader());
  }

  /** Waits for so many frames. */
  async take(count: number): Promise<Frame[]> {
    let left = count;
    return this.takeUntil(() => (left -= 1) === 0);
  }

  /** Waits for a frame; returns all up to it. */
  async takeUntil(last: (frame: Frame) => boolean): Promise<Frame[]> {
    const frames: Frame[] = [];
    for (;;) {
      const frame = this.pending.shift() ?? (await this.more());
      frames.push(frame);
      this.taken.push(frame);
      if (last(frame)) return frames;
    }
  }

  close(): Promise<void> {
    this.stop.abort();
    return this.body.cancel().catch(() => undefined);
  }

  private async more(): Promise<Frame> {
    for (;;) {
      const { value, done } = await this.body.read();
      if (done) throw new Error('the stream ended');
      this.rest += Buffer.from(value).toString();
      const blocks = this.rest.split('\n\n');
      this.rest = blocks.pop() ?? '';
      this.pending.push(...blocks.flatMap(frameOf));
      const first = this.pending.shift();
      if (first !== undefined) return first;
    }
  }
}

function frameOf(block: string): Frame[] {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const data = field('data');
  return data === undefined ? [] : [{ id: field('id'), event: field('event'), data }];
}
