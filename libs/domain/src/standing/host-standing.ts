import type { HostStanding } from '@gantry/contracts';
import type { Fact } from '../decision.js';

/** What an event makes of a host's standing with load balancers. */
export type StandingChange =
  /** Somebody is asked: a new claim, which counts from then on. */
  | { readonly change: 'asked'; readonly standing: HostStanding }
  /** What came of it, for the stream that had asked last. */
  | { readonly change: 'came'; readonly host: string; readonly standing: 'out' | 'in' };

/** Undefined for events that change nothing in that. */
export function standingAfter({ type, data }: Fact): StandingChange | undefined {
  if (type === 'lb.drain.requested') return asked('asked-out', data);
  if (type === 'lb.enable.requested') return asked('asked-in', data);
  if (type === 'deployment.host-drained') return came(data.host, 'out');
  if (type === 'deployment.host-enabled') return came(data.host, 'in');
  if (type === 'deployment.host-failed') return came(data.host, data.outOfService ? 'out' : 'in');
  return undefined;
}

const came = (host: string, standing: 'out' | 'in'): StandingChange => ({
  change: 'came',
  host,
  standing,
});

function asked(
  standing: HostStanding['standing'],
  { host, epoch, memberships }: Omit<HostStanding, 'standing'>,
): StandingChange {
  const places = memberships.map(({ pool, device, backend, member }) => ({
    ...{ pool, device, backend, member },
  }));
  return { change: 'asked', standing: { host, epoch, standing, memberships: places } };
}
