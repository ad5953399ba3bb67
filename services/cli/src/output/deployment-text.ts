import type {
  ApprovalView,
  DeploymentSummary,
  DeploymentView,
  HostProgressView,
} from '@gantry/contracts';
import { plain, type Terminal } from '../terminal.js';
import { age } from './age.js';
import { findingLines } from './findings.js';
import { shaded, statusCell } from './status-color.js';
import { table } from './table.js';

/** Deployments as a list. */
export function deploymentTable(terminal: Terminal, items: readonly DeploymentSummary[]): string {
  if (items.length === 0) return 'No deployments.\n';
  return table(
    terminal,
    ['ID', 'APPLICATION', 'ENVIRONMENT', 'BUILD', 'STATUS', 'HOSTS', 'AGE', 'BY'],
    items.map((item) => [
      item.id,
      item.application,
      item.environment,
      item.evr,
      statusCell(terminal, item.status),
      `${item.hosts.done}/${item.hosts.total}`,
      age(item.requestedAt),
      item.requestedBy,
    ]),
  );
}

/** One line that says which deployment, and how far. */
export function headline(terminal: Terminal, view: DeploymentView): string {
  const { hosts } = view;
  const counts = waitsFor(view) ?? [
    `${hosts.done}/${hosts.total} hosts done`,
    ...(hosts.inFlight > 0 ? [`${hosts.inFlight} in flight`] : []),
    ...(hosts.failed > 0 ? [terminal.colors.red(`${hosts.failed} failed`)] : []),
  ];
  const what = `${view.application} ${view.evr} -> ${view.environment}`;
  return `${terminal.colors.bold(plain(what))}  ${shaded(terminal, view.status)}  ${counts.join(', ')}`;
}

/** What it waits for before it begins: whoever looks can do something about it. */
function waitsFor({ id, status, approval }: DeploymentView): string[] | undefined {
  if (status !== 'awaiting-approval' || approval === null) return undefined;
  return [`${approval.given.length} of ${approval.quorum} approvals: gantry approve ${id}`];
}

/** One host in words. */
export function hostNote({ failure, note }: HostProgressView): string {
  if (failure === null) return note;
  const out = failure.outOfService ? ' (stays out of service)' : '';
  return `${failure.step}: ${failure.reason}${out}`;
}

/** Everything of one deployment. */
export function deploymentText(terminal: Terminal, view: DeploymentView): string {
  const facts = [
    headline(terminal, view),
    `id        ${view.id}`,
    `requested ${view.requestedAt} by ${view.requestedBy}: ${plain(view.reason)}`,
    ...(view.endedAt === null ? [] : [`ended     ${view.endedAt}`]),
    ...(view.pausedBecause === null ? [] : [`paused    ${plain(view.pausedBecause)}`]),
    ...(view.approval === null ? [] : approvalLines(view.approval)),
    ...view.pools.map(
      (pool) =>
        `pool      ${pool.pool}: ${pool.inService}/${pool.size} in service, at least ${pool.minInService}, ${pool.batch} at a time`,
    ),
    `limits    ${view.limits.maxOutOfService} out at once, ${view.limits.failureBudget} failures put up with`,
    ...findingLines(terminal, view.findings),
    ...(view.allowedActions.length === 0 ? [] : [`you may   ${view.allowedActions.join(', ')}`]),
  ];
  return `${facts.join('\n')}\n${hostTable(terminal, view)}`;
}

function approvalLines({
  planHash,
  quorum,
  group,
  expiresAt,
  given,
  note,
}: ApprovalView): string[] {
  const had = given.map(({ by, reason }) => `${by} (${plain(reason)})`).join(', ');
  const of = group === null ? 'anybody but whoever asked for it' : `the group ${group}`;
  return [
    `plan      ${planHash}`,
    `approval  ${given.length} of ${quorum} by ${of}, until ${expiresAt}${had === '' ? '' : `: ${had}`}`,
    ...(note === '' ? [] : [`          ${plain(note)}`]),
  ];
}

function hostTable(terminal: Terminal, { progress, evr }: DeploymentView): string {
  if (progress.length === 0) return '';
  const rows = progress.map((host) => [
    host.host,
    statusCell(terminal, host.status),
    host.from.map((from) => from.evr ?? 'absent').join(' '),
    host.direction === 'back' ? `back to ${host.to}` : host.to === '' ? evr : host.to,
    host.canary ? 'canary' : '',
    [hostNote(host), ...host.allowedActions.map((action) => `(may: ${action})`)].join(' ').trim(),
  ]);
  return `\n${table(terminal, ['HOST', 'STATUS', 'FROM', 'TO', '', 'NOTE'], rows)}`;
}
