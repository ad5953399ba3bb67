import { Evr, type InstalledPackage, type PackageName } from '@gantry/contracts';
import type { RunCommand } from '../host/command.js';

const FORMAT = '%{NAME}|%{EPOCHNUM}:%{VERSION}-%{RELEASE}|%{NEVRA}\\n';

/** Asks the RPM database what is installed; a package it does not know is reported as absent. */
export async function queryPackages(
  rpm: string,
  run: RunCommand,
  names: readonly PackageName[],
): Promise<readonly InstalledPackage[]> {
  if (names.length === 0) return [];
  const { stdout } = await run(rpm, ['-q', '--qf', FORMAT, '--', ...names]);
  const lines = stdout.split('\n');
  return names.map((name) => installed(name, lines));
}

function installed(name: PackageName, lines: readonly string[]): InstalledPackage {
  // Several versions of one package may be installed (kernels): the last named is the last installed.
  const line = lines.findLast((candidate) => candidate.startsWith(`${name}|`));
  const [, full, nevra] = line?.split('|') ?? [];
  const evr = Evr.safeParse(full?.replace(/^0:/, ''));
  if (!evr.success || nevra === undefined) return { name, evr: null, nevra: null };
  return { name, evr: evr.data, nevra: nevra.slice(0, 300) };
}
