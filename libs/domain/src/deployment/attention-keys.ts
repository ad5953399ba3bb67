const MAX_KEY = 128;

/** Key of the attention item of a host that is out of service. */
export const attentionKeyOfHost = (host: string): string =>
  `host-out-of-service.${host}`.slice(0, MAX_KEY);

/** Key of the attention item of a host whose next Puppet run may bring a version of the application that it did not take. */
export const attentionKeyOfWanted = (application: string, host: string): string =>
  `version-still-wanted.${application}.${host}`.slice(0, MAX_KEY);

/** Key of the attention item of a plan that waits for people's consent. */
export const attentionKeyOfApproval = (id: string): string => `approval.${id}`;

/** Key of the attention item of a stopped deployment. */
export const attentionKeyOfDeployment = (id: string): string => `deployment.${id}`;
