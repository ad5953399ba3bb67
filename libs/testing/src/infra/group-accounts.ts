import { type BrokerCredentials, LabError, PRINCIPALS } from '@gantry/lab';

/** The passwords that deploy/activemq/activemq.xml takes from the environment: one account for each group. */
export const PASSCODE_VARIABLES = {
  services: 'GANTRY_BROKER_PASSCODE',
  hosts: 'GANTRY_HOSTS_PASSCODE',
  ops: 'GANTRY_OPS_PASSCODE',
} as const;

/** A group that deploy/activemq/activemq.xml has an account for. */
export type AccountGroup = keyof typeof PASSCODE_VARIABLES;

/** Maps each principal to the account of its group, as the deployed broker has them. */
export function groupAccounts(
  passcodes: Readonly<Record<AccountGroup, string>>,
): (principal: string) => BrokerCredentials {
  return (principal) => {
    const login = PRINCIPALS[principal];
    if (login === undefined || !isGroup(login))
      throw new LabError(
        `No broker account ${principal}`,
        `known are ${Object.keys(PRINCIPALS).join(', ')}`,
        'name one of those',
      );
    return { login, passcode: passcodes[login] };
  };
}

function isGroup(name: string): name is AccountGroup {
  return name in PASSCODE_VARIABLES;
}
