import { isActive, isInFlight, isRollout, type DeploymentState } from '../deployment/state.js';
import type { RefreshState } from '../refresh/state.js';

/** What a stream holds of one host while the host's turn goes on. */
export interface HostClaim {
  readonly host: string;
  readonly epoch: number;
  readonly members: readonly { readonly pool: string; readonly member: string }[];
  readonly servers: readonly string[];
}

/** The hosts a deployment owns now: derived from its state, so the table of claims can be rebuilt from the log. */
export function claimsOfDeployment(state: DeploymentState): readonly HostClaim[] {
  if (!isActive(state) || !isRollout(state)) return [];
  const servers = state.target.puppetServers.map((s) => s.server);
  return state.hosts.filter(isInFlight).map((h) => ({
    host: h.host,
    epoch: h.turn?.epoch ?? 0,
    members: h.memberships.map(({ pool, member }) => ({ pool, member })),
    servers,
  }));
}

/** The hosts a refresh owns now. */
export function claimsOfRefresh(state: RefreshState): readonly HostClaim[] {
  if (state.status !== 'running') return [];
  return state.hosts
    .filter((h) => h.status === 'running')
    .map(({ host, epoch }) => ({ host, epoch, members: [], servers: [] }));
}
