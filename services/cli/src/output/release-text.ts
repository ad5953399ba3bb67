import type { ReleaseView, StageView, WhyLine } from '@gantry/contracts';
import { plain, type Terminal } from '../terminal.js';
import { age } from './age.js';
import { table } from './table.js';

/** Releases as a list. */
export function releaseTable(terminal: Terminal, items: readonly ReleaseView[]): string {
  if (items.length === 0) return 'No build has set out yet.\n';
  return table(
    terminal,
    ['RELEASE', 'PIPELINE', 'BUILD', 'STATUS', 'STANDS', 'AGE'],
    items.map((r) => [r.id, r.pipeline, r.evr, r.status, stands(r), age(r.createdAt)]),
  );
}

/** Where it is, and what it does or waits for. */
function stands({ status, phase, stages, hold, because }: ReleaseView): string {
  if (status !== 'travelling') return because;
  const here = stages.find((s) => s.state === 'here')?.environment ?? '';
  const why = hold === null ? because : `${hold.rule}: ${hold.detail}`;
  return `${here}: ${phase}${why === '' ? '' : `, ${why}`}`;
}

/** One release as a value stream: its stages, gates and where the time went. */
export function releaseText(terminal: Terminal, view: ReleaseView): string {
  const { colors } = terminal;
  const total = Date.parse(view.endedAt ?? view.movedAt) - Date.parse(view.publishedAt);
  const head = `${colors.bold(`${plain(view.pipeline)} ${plain(view.evr)}`)}  ${view.status}  ${stands(view)}`;
  const clock = `${seconds(total)} since it was published; target ${seconds(view.targetMs)}`;
  return [head, ...view.stages.flatMap((stage) => stageLines(terminal, stage)), clock, ''].join(
    '\n',
  );
}

function stageLines({ colors }: Terminal, stage: StageView): string[] {
  const { waitingMs, gatesMs, deployingMs, soakMs } = stage.clock;
  const times = `waiting ${seconds(waitingMs)}, gates ${seconds(gatesMs)}, deployment ${seconds(deployingMs)}, soak ${seconds(soakMs)}`;
  const head = `  ${colors.bold(plain(stage.environment))}  ${stage.state}${stage.enteredAt === null ? '' : `  ${times}`}`;
  const gates = stage.gates.map(
    (g) => `    ${g.verdict ?? 'asked'}  ${plain(g.gate)} (${g.moment}) ${plain(g.summary)}`,
  );
  const deployments = stage.deployments.map(
    (d) =>
      `    ${d.outcome ?? 'going on'}  deployment of ${plain(d.application)} ${d.deploymentId}`,
  );
  return [head, ...deployments, ...gates];
}

/** Why a build is where it is, a line for each environment. */
export function whyTable(terminal: Terminal, lines: readonly WhyLine[]): string {
  return table(
    terminal,
    ['ENVIRONMENT', 'ANSWER', 'RULE', 'DETAIL', 'ENDS'],
    lines.map((l) => [l.environment, l.answer, l.rule, l.detail, l.ends ?? '-']),
  );
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
