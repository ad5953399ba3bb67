import type { Certname, Membership } from '@gantry/contracts';

/** A place of the host behind a load balancer, with the capacity that its pool must keep when that is known. */
export type Place = Membership & { readonly minInService?: number };

/** What every procedure needs to know of a request. */
export interface HostRequest {
  readonly requestId: string;
  readonly host: Certname;
  readonly memberships: readonly Place[];
}

/** Whether the claim a request was made under is still the newest seen for its host. */
export type Fence = () => boolean;
