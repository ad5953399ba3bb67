import type { Finding } from '@gantry/contracts';
import { plain, type Terminal } from '../terminal.js';

/** Findings as lines: what, why, what to do. */
export function findingLines({ colors }: Terminal, findings: readonly Finding[]): string[] {
  const marks: Readonly<Record<Finding['severity'], string>> = {
    block: colors.red('blocks'),
    confirm: colors.yellow('confirm'),
    info: colors.dim('note'),
  };
  return findings.flatMap(({ severity, code, message, todo, host }) => [
    `  ${marks[severity]} ${colors.bold(code)}: ${host === undefined ? '' : `${host}: `}${plain(message)}`,
    ...(todo === '' ? [] : [`    ${plain(todo)}`]),
  ]);
}

/** The codes a person may accept, unless something blocks anyway. */
export function acceptableCodes(findings: readonly Finding[]): string[] {
  if (findings.some(({ severity }) => severity === 'block')) return [];
  return [
    ...new Set(findings.filter(({ severity }) => severity === 'confirm').map(({ code }) => code)),
  ];
}
