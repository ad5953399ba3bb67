import type { DataOf, DeploymentView, HostLogLines, HostProgressView } from '@gantry/contracts';
import { plain, type Terminal } from '../terminal.js';
import { headline, hostNote } from './deployment-text.js';
import { shaded } from './status-color.js';

/** Shows a deployment while it goes. */
export interface Progress {
  view(view: DeploymentView): void;
  story(story: DataOf<typeof HostLogLines>): void;
  note(line: string): void;
}

/** Shows nothing: for machines. */
export const silent: Progress = {
  view: () => undefined,
  story: () => undefined,
  note: () => undefined,
};

/** Progress in place on a terminal, line by line into a file or a CI log. */
export function progressOn(terminal: Terminal): Progress {
  return terminal.isTty ? new InPlace(terminal) : new LineByLine(terminal);
}

function storyLines({ colors }: Terminal, { host, lines }: DataOf<typeof HostLogLines>): string[] {
  return lines.map(({ level, source, message }) => {
    const text = plain(`${host} | ${source === '' ? '' : `${source}: `}${message}`);
    return /err|crit|alert|emerg/.test(level) ? colors.red(text) : colors.dim(text);
  });
}

/** A line per change: what a log wants. */
class LineByLine implements Progress {
  private readonly shown = new Map<string, string>();

  constructor(private readonly terminal: Terminal) {}

  view(view: DeploymentView): void {
    if (this.changed('', view.status)) this.note(headline(this.terminal, view));
    for (const host of view.progress) {
      const note = hostNote(host);
      if (!this.changed(host.host, `${host.status} ${note}`)) continue;
      if (host.status === 'queued') continue;
      const rest = note === '' ? '' : `  ${plain(note)}`;
      this.note(`  ${host.host}  ${shaded(this.terminal, host.status)}${rest}`);
    }
  }

  story(story: DataOf<typeof HostLogLines>): void {
    for (const line of storyLines(this.terminal, story)) this.note(`  ${line}`);
  }

  note(line: string): void {
    this.terminal.out(`${line}\n`);
  }

  private changed(key: string, value: string): boolean {
    const known = this.shown.get(key) === value;
    this.shown.set(key, value);
    return !known;
  }
}

const MAX_HOST_LINES = 30;

/** One block that is written over: the headline and a line per host. */
class InPlace implements Progress {
  private block: readonly string[] = [];

  constructor(private readonly terminal: Terminal) {}

  view(view: DeploymentView): void {
    const width = Math.max(4, ...view.progress.map(({ host }) => host.length));
    const hosts = mostInteresting(view.progress);
    const hidden = view.progress.length - hosts.length;
    this.redraw([
      headline(this.terminal, view),
      ...hosts.map((host) => this.hostLine(host, width)),
      ...(hidden > 0 ? [this.terminal.colors.dim(`  and ${hidden} more`)] : []),
    ]);
  }

  story(story: DataOf<typeof HostLogLines>): void {
    for (const line of storyLines(this.terminal, story)) this.note(line);
  }

  /** Above the block, to stay. */
  note(line: string): void {
    const block = this.block;
    this.redraw([]);
    this.terminal.out(`${line}\n`);
    this.redraw(block);
  }

  private hostLine(host: HostProgressView, width: number): string {
    const status = shaded(this.terminal, host.status) + ' '.repeat(16 - host.status.length);
    // A line that wraps would make the block higher than it is believed to be.
    const room = Math.max(0, this.terminal.columns - width - 22);
    return `  ${host.host.padEnd(width)}  ${status}${plain(hostNote(host)).slice(0, room)}`;
  }

  private redraw(lines: readonly string[]): void {
    const up = this.block.length === 0 ? '' : `\u001b[${this.block.length}A`;
    this.terminal.out(`${up}\u001b[0J${lines.map((line) => `${line}\n`).join('')}`);
    this.block = lines;
  }
}

/** All hosts in their order where they fit, else those at work and those in trouble. */
function mostInteresting(hosts: readonly HostProgressView[]): readonly HostProgressView[] {
  if (hosts.length <= MAX_HOST_LINES) return hosts;
  const settled: ReadonlySet<string> = new Set(['queued', 'done', 'skipped']);
  return hosts.filter(({ status }) => !settled.has(status)).slice(0, MAX_HOST_LINES);
}
