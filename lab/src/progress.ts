/** A phase of the start that began or ended. */
export interface Progress {
  readonly phase: string;
  readonly detail: string;
  readonly done: boolean;
  /** Since the phase began. */
  readonly ms: number;
}

/** Who is told how the start goes on. */
export type ProgressListener = (progress: Progress) => void;

/** Runs one phase and tells its beginning, its end and how long it took. */
export async function phase<T>(
  listener: ProgressListener,
  name: string,
  detail: string,
  task: () => Promise<T>,
): Promise<T> {
  const startedAt = Date.now();
  listener({ phase: name, detail, done: false, ms: 0 });
  const result = await task();
  listener({ phase: name, detail, done: true, ms: Date.now() - startedAt });
  return result;
}
