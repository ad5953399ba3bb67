import { LabError } from '@gantry/lab';

const NAMES = ['containers', 'processes', 'external'] as const;

/** The three places where servers for tests come from. */
export type InfraName = (typeof NAMES)[number];

/** What can be found out about this machine. */
export interface MachineProbes {
  readonly hasBinaries: () => Promise<boolean>;
  readonly dockerAnswers: () => Promise<boolean>;
}

/** Takes the provider that was wished for (GANTRY_TEST_INFRA), or the first that works here. */
export async function chooseInfra(
  wish: string | undefined,
  probes: MachineProbes,
): Promise<InfraName> {
  if (wish !== undefined && wish !== '') return known(wish);
  if (await probes.hasBinaries()) return 'processes';
  if (await probes.dockerAnswers()) return 'containers';
  throw new LabError(
    'No Postgres and no ActiveMQ for tests',
    'neither their programs nor a Docker engine are here',
    'apt-get install postgresql activemq; or start Docker; or set GANTRY_TEST_INFRA=external and name running servers (libs/testing/README.md)',
  );
}

function known(wish: string): InfraName {
  const name = NAMES.find((candidate) => candidate === wish);
  if (name) return name;
  throw new LabError(
    `No infrastructure ${JSON.stringify(wish)} for tests`,
    'GANTRY_TEST_INFRA names something else',
    `set it to one of ${NAMES.join(', ')}`,
  );
}
