import type { RunCommand } from '../host/command.js';

/** Streams whose forgetting is remembered: a deployment's survey and its run lie minutes apart, not hundreds of deployments. */
const REMEMBERED = 50;

/**
 * What dnf has cached of its repositories. With dnf's default a RPM published a minute ago is not seen for hours, and the run
 * fails half way, so the cache is made to expire before a run. Once for a stream is enough: its build was known before it
 * began, and whatever dnf fetches afterwards is newer. dnf takes as long to start as many a run takes to apply its
 * catalog, so a deployment has this done while it plans, when the host still serves.
 */
export class PackageMetadata {
  private readonly forgotten = new Map<string, Promise<boolean>>();

  constructor(
    private readonly dnf: string,
    private readonly run: RunCommand,
  ) {}

  /** Resolves once dnf will fetch its metadata anew. One that failed is tried again by the next caller. */
  async forgetFor(stream: string): Promise<void> {
    const done = this.forgotten.get(stream) ?? this.forget(stream);
    if (!(await done)) this.forgotten.delete(stream);
  }

  private forget(stream: string): Promise<boolean> {
    const done = this.run(this.dnf, ['-q', 'clean', 'expire-cache']).then(({ code }) => code === 0);
    this.forgotten.set(stream, done);
    const [oldest] = this.forgotten.keys();
    if (this.forgotten.size > REMEMBERED && oldest !== undefined) this.forgotten.delete(oldest);
    return done;
  }
}
