import type { DeploymentFact } from './facts.js';
import { evolveRun } from './evolve-run.js';
import { ask, counted, withTurn } from './pending.js';
import type { DeploymentHost, Turn } from './state.js';

/** Facts about one host. */
export type HostFact = Extract<DeploymentFact, { data: { host: string } }>;

/** The host after the fact. Total: a fact that does not fit the phase still leaves a host. `stoodOut` = took no traffic before it. */
export function evolveHost(
  host: DeploymentHost,
  fact: HostFact,
  stoodOut: boolean,
): DeploymentHost {
  switch (fact.type) {
    case 'deployment.host-surveyed':
    case 'deployment.host-run-waiting':
      return host;
    case 'deployment.host-reserved':
      return reserved(host, fact, stoodOut);
    case 'deployment.host-returning':
      return withTurn(host, {
        returning: { step: fact.data.step, class: fact.data.class, reason: fact.data.reason },
      });
    case 'deployment.host-step-delayed':
      return delayed(host, fact);
    case 'deployment.host-done':
      return ended(
        host,
        fact.at,
        { status: 'done', direction: fact.data.direction, proof: fact.data.proof },
        false,
      );
    case 'deployment.host-failed':
      return failed(host, fact);
    case 'deployment.host-skipped':
      return ended(host, fact.at, { status: 'skipped', reason: fact.data.reason }, host.out);
    case 'deployment.host-retried':
      return { ...host, phase: { status: 'queued' }, endedAt: undefined };
    case 'lb.drain.requested':
    case 'deployment.host-drained':
    case 'lb.enable.requested':
    case 'deployment.host-enabled':
      return evolveService(host, fact);
    case 'puppet.publish.requested':
    case 'deployment.host-version-published':
    case 'puppet.run.requested':
    case 'puppet.query.requested':
    case 'deployment.host-run-started':
    case 'deployment.host-run-finished':
    case 'deployment.host-verified':
      return evolveRun(host, fact);
  }
}

type ServiceFact = Extract<
  HostFact,
  {
    type:
      | 'lb.drain.requested'
      | 'deployment.host-drained'
      | 'lb.enable.requested'
      | 'deployment.host-enabled';
  }
>;

function evolveService(host: DeploymentHost, fact: ServiceFact): DeploymentHost {
  const { phase } = host;
  switch (fact.type) {
    case 'lb.drain.requested': {
      const pending = ask(phase.status === 'draining' ? phase.pending : undefined, fact);
      return {
        ...counted(host, 'drain', pending),
        phase: { status: 'draining', pending },
        out: true,
      };
    }
    case 'deployment.host-drained':
      return {
        ...withTurn(host, { drained: fact.data.evidence }),
        phase: { status: 'drained', publish: undefined },
      };
    case 'lb.enable.requested': {
      const pending = ask(phase.status === 'enabling' ? phase.pending : undefined, fact);
      return { ...counted(host, 'enable', pending), phase: { status: 'enabling', pending } };
    }
    case 'deployment.host-enabled':
      return { ...withTurn(host, { enabled: fact.data.evidence }), out: false };
  }
}

function reserved(
  host: DeploymentHost,
  fact: Extract<HostFact, { type: 'deployment.host-reserved' }>,
  stoodOut: boolean,
): DeploymentHost {
  const { attempt: attempts } = fact.data;
  return {
    ...host,
    phase: { status: 'reserving' },
    turn: newTurn(fact, beginsIntact(host, stoodOut)),
    attempts,
    endedAt: undefined,
  };
}

/** A turn that turns round goes on as intact as it was, if no run was asked for; a new one needs a host in service. */
function beginsIntact(host: DeploymentHost, stoodOut: boolean): boolean {
  if (host.turn !== undefined) return host.turn.intact && host.turn.requests.run === undefined;
  return host.memberships.length === 0 || !(host.out || stoodOut);
}

function failed(
  host: DeploymentHost,
  fact: Extract<HostFact, { type: 'deployment.host-failed' }>,
): DeploymentHost {
  const { direction, step, class: cls, reason, outOfService } = fact.data;
  const phase = { status: 'failed', direction, step, class: cls, reason, outOfService } as const;
  return ended(host, fact.at, phase, outOfService);
}

function newTurn(
  fact: Extract<HostFact, { type: 'deployment.host-reserved' }>,
  intact: boolean,
): Turn {
  const { direction, epoch, attempt } = fact.data;
  return {
    direction,
    epoch,
    attempt,
    intact,
    drained: null,
    run: undefined,
    health: undefined,
    enabled: undefined,
    returning: undefined,
    requests: {},
    retries: {},
    queries: 0,
  };
}

function delayed(
  host: DeploymentHost,
  fact: Extract<HostFact, { type: 'deployment.host-step-delayed' }>,
): DeploymentHost {
  const { step, until } = fact.data;
  // A delayed reservation is a turn given back without harm: the host is as it was, and waits in the queue again.
  if (step === 'reserve') {
    const out = host.out && host.turn?.intact === false;
    return { ...host, phase: { status: 'queued', notBefore: until }, turn: undefined, out };
  }
  const retries = { ...host.turn?.retries, [step]: (host.turn?.retries[step] ?? 0) + 1 };
  return { ...withTurn(host, { retries }), phase: { status: 'delayed', step, until } };
}

function ended(
  host: DeploymentHost,
  at: string,
  phase: DeploymentHost['phase'],
  out: boolean,
): DeploymentHost {
  return { ...host, phase, turn: undefined, out, endedAt: at };
}
