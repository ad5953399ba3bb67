import type { HostStep, RequestId } from '@gantry/contracts';
import type { DeploymentHost, Pending, Turn } from './state.js';

/** The host with something of its turn changed; no turn, no change. */
export function withTurn(host: DeploymentHost, change: Partial<Turn>): DeploymentHost {
  return host.turn === undefined ? host : { ...host, turn: { ...host.turn, ...change } };
}

/** A request sent again under its id counts one more ask; another id starts anew. */
export function ask(
  before: Pending | undefined,
  fact: { readonly at: string; readonly data: { readonly requestId: RequestId } },
): Pending {
  return once(before?.requestId === fact.data.requestId ? before : undefined, fact);
}

/** One more ask, whatever its id. */
export function once(
  before: Pending | undefined,
  {
    at,
    data: { requestId },
  }: { readonly at: string; readonly data: { readonly requestId: RequestId } },
): Pending {
  return { requestId, since: before?.since ?? at, askedAt: at, asks: (before?.asks ?? 0) + 1 };
}

/** Counts a new request of a step; the same one sent again is none. */
export function counted(host: DeploymentHost, step: HostStep, pending: Pending): DeploymentHost {
  if (pending.asks > 1) return host;
  return withTurn(host, {
    requests: { ...host.turn?.requests, [step]: (host.turn?.requests[step] ?? 0) + 1 },
  });
}
