import { refused, type Decision } from '../../decision.js';

/** A person spoke to a deployment that never was. */
export const unknownDeployment = (id: string): Decision<never> =>
  refused(
    'not-found',
    'unknown-deployment',
    `there is no deployment ${id}`,
    'Look at the list of deployments.',
  );
