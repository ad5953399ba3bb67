import type { Membership } from '@gantry/contracts';

/** A place of the host behind a load balancer, with the capacity that its pool must keep when that is known. */
export type Place = Membership & { readonly minInService?: number };

/** Whether the claim a request was made under is still the newest seen for its host. */
export type Fence = () => boolean;
