import { brokerPrincipals, groupsOf, type BrokerFleet } from '@gantry/contracts';

/** What a certificate's subject says. */
export interface CertificateSubject {
  readonly organization?: string;
  readonly name: string;
}

const OF_HOSTS = /^(?:host|publisher)\.(.+)$/;
/** Puppet's authority signs `CN=<certname>` and no more: no host can come by a certificate of a service. */
const SERVICES_ORGANIZATION = 'Gantry';

/** The subject of a principal's certificate: of a host and of the publisher beside a Puppet server, that which Puppet gave the machine. */
export function certificateSubject(principal: string): CertificateSubject {
  const [, certname] = OF_HOSTS.exec(principal) ?? [];
  return certname === undefined
    ? { organization: SERVICES_ORGANIZATION, name: principal }
    : { name: certname };
}

/** The configuration of the login by certificate. `reload`: who is taken out of the files is out with the next connection. */
export const LOGIN_CONFIG = `gantry {
  org.apache.activemq.jaas.TextFileCertificateLoginModule required
    org.apache.activemq.jaas.textfiledn.user="users.properties"
    org.apache.activemq.jaas.textfiledn.group="groups.properties"
    reload=true;
};
`;

const HEAD =
  '# Written by lab/scripts/write-broker-config.mjs from the fleet file: change that, not this.\n';

/** Who is who by the subject of a certificate (`users.properties`). */
export function usersProperties(fleet: BrokerFleet): string {
  refuseTwins(fleet);
  return (
    HEAD +
    brokerPrincipals(fleet)
      .map((one) => `${one}=${subjectPattern(one)}\n`)
      .join('')
  );
}

/** Which groups of the table of rights somebody is in (`groups.properties`). */
export function groupsProperties(fleet: BrokerFleet): string {
  const members = new Map<string, string[]>();
  for (const principal of brokerPrincipals(fleet))
    for (const group of groupsOf(principal))
      members.set(group, [...(members.get(group) ?? []), principal]);
  return HEAD + [...members].map(([group, names]) => `${group}=${names.join(',')}\n`).join('');
}

/** One name in the subject is written alike by every Java; between two of them some put a blank. */
function subjectPattern(principal: string): string {
  const { organization, name } = certificateSubject(principal);
  return organization === undefined ? `CN=${name}` : `/^CN=${name}, ?O=${organization}$/`;
}

/** One certificate is one principal. */
function refuseTwins({ hosts, puppetServers }: BrokerFleet): void {
  const [twin] = hosts.filter((host) => puppetServers.includes(host));
  if (twin !== undefined)
    throw new Error(
      `${twin} is a host and a Puppet server at once, and its one certificate cannot be both to the broker. Take it out of the fleet's hosts.`,
    );
}
