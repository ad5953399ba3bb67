import type { GantryClient, StreamItem } from '@gantry/client';
import type { DeploymentView } from '@gantry/contracts';
import { bad, faint, good, say } from '../terminal.js';

/** A deployment in a state that was waited for, and where to go on following it. */
export interface Reached {
  readonly view: DeploymentView;
  readonly position: string | undefined;
}

/** Follows a deployment, telling what happens, until it has one of these states; `from` leaves out what was told before. */
export async function followUntil(
  client: GantryClient,
  id: string,
  until: readonly string[],
  from?: string,
): Promise<Reached> {
  const abort = new AbortController();
  const { signal } = abort;
  let position = from;
  const options = { signal, ...(from === undefined ? {} : { from }) };
  for await (const item of client.watchDeployment(id, options)) {
    tell(item);
    if (item.kind === 'log') position = item.position;
    if (item.kind !== 'view' || !until.includes(item.view.status)) continue;
    abort.abort();
    return { view: item.view, position };
  }
  throw new Error(`the stream of deployment ${id} ended before it was ${until.join(' or ')}`);
}

/** The one most telling line for an event; most need none. */
const LINES: Readonly<
  Record<string, (host: string, data: Readonly<Record<string, unknown>>) => string>
> = {
  'deployment.planned': () => 'the plan stands, nothing blocks it',
  'lb.drain.requested': (host) => `${host}  taking it out of the load balancer`,
  'deployment.host-drained': (host, data) => `${host}  drained: ${evidence(data)}`,
  'puppet.run.requested': (host) => `${host}  Puppet runs`,
  'deployment.host-run-finished': (host, data) => `${host}  Puppet: ${verdict(data)}`,
  'deployment.host-verified': (host, data) =>
    `${host}  ${data['healthy'] === true ? good('healthy') : bad('NOT healthy')}`,
  'deployment.host-done': (host) => good(`${host}  done, its chain of proof is whole`),
  'deployment.host-failed': (host, data) => bad(`${host}  FAILED: ${String(data['reason'])}`),
  'deployment.host-step-delayed': (host, data) => `${host}  again later: ${String(data['reason'])}`,
  'deployment.paused': (_host, data) => bad(`stopped: ${String(data['reason'])}`),
  'deployment.rollback-started': () => 'going back',
  'deployment.succeeded': () => good('succeeded'),
  'deployment.rolled-back': () => good('rolled back'),
  'deployment.refused': (_host, data) => bad(`refused: ${JSON.stringify(data['findings'])}`),
};

function tell(item: StreamItem): void {
  if (item.kind === 'story') {
    for (const line of item.story.lines
      .filter((l) => l.level !== 'debug' && l.level !== 'info')
      .slice(0, 3)) {
      say(faint(`${shortName(item.story.host)}    ${readable(line.message)}`));
    }
  }
  if (item.kind !== 'log') return;
  const { type, data } = item.event;
  const line = LINES[type]?.(typeof data['host'] === 'string' ? shortName(data['host']) : '', data);
  if (line !== undefined) say(line);
}

/** Checksums at full length push what matters off the line. */
const readable = (message: string): string =>
  message.replace(/(\{sha256\}[0-9a-f]{8})[0-9a-f]+/g, '$1…').slice(0, 120);

const shortName = (host: string): string => host.split('.')[0] ?? host;

function evidence(data: Readonly<Record<string, unknown>>): string {
  const { connectionsAtEnd, waitedMs } = data['evidence'] as {
    connectionsAtEnd: number;
    waitedMs: number;
  };
  return `${connectionsAtEnd} connections after ${waitedMs} ms`;
}

function verdict(data: Readonly<Record<string, unknown>>): string {
  const found = data['verdict'] as { kind: string; why?: string; detail?: string };
  const after = data['after'] as readonly { nevra: string | null }[];
  return found.kind === 'converged'
    ? `converged, installed ${after[0]?.nevra ?? '?'}`
    : bad(`${found.kind}: ${found.why ?? ''} ${found.detail ?? ''}`);
}
