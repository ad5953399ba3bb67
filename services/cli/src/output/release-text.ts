import type { ReleaseView, StageClock, StageView, WhyLine } from '@gantry/contracts';
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
  const head = `${colors.bold(`${plain(view.pipeline)} ${plain(view.evr)}`)}  ${view.status}  ${stands(view)}`;
  const stages = view.stages.flatMap((stage) => stageLines(terminal, stage));
  return [head, ...stages, ...clockLines(view), ''].join('\n');
}

/** The whole of it against its target, and what took most. */
function clockLines(view: ReleaseView): string[] {
  const { publishedAt, createdAt, endedAt, movedAt, reason, targetMs, clock } = view;
  const from = reason === null ? publishedAt : createdAt;
  const total =
    clock === undefined ? Date.parse(endedAt ?? movedAt) - Date.parse(from) : all(clock);
  const since = reason === null ? 'it was published' : 'it was asked for';
  const over = total > targetMs ? `, ${seconds(total - targetMs)} over it` : '';
  const took = clock === undefined ? [] : [`  ${split(clock)}`];
  return [`${seconds(total)} since ${since}; target ${seconds(targetMs)}${over}`, ...took];
}

/** Where time went, what took most first. */
export function split(clock: StageClock): string {
  const { puppetMs = 0, drainMs = 0, healthMs = 0, machineMs = 0, approvalMs = 0 } = clock;
  const parts: [string, number][] = [
    ['waiting', clock.waitingMs],
    ['approval', approvalMs],
    ['gates', clock.gatesMs],
    ['soak', clock.soakMs],
    ['drain', drainMs],
    ['Puppet', puppetMs],
    ['health', healthMs],
    ['machine', machineMs],
    ['deployment', clock.deployingMs - drainMs - puppetMs - healthMs - machineMs],
  ];
  return parts
    .filter(([, ms]) => ms > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([what, ms]) => `${what} ${seconds(ms)}`)
    .join(', ');
}

const all = ({ waitingMs, approvalMs = 0, gatesMs, soakMs, deployingMs }: StageClock): number =>
  waitingMs + approvalMs + gatesMs + soakMs + deployingMs;

function stageLines({ colors }: Terminal, stage: StageView): string[] {
  const times = stage.enteredAt === null ? [] : [`  ${seconds(all(stage.clock))}`];
  const took = all(stage.clock) === 0 ? [] : [`    ${split(stage.clock)}`];
  const { clockNow } = stage;
  const now =
    clockNow === null || clockNow === undefined
      ? []
      : [`    now ${clockNow.hand}, ${age(clockNow.since)} more`];
  const head = `  ${colors.bold(plain(stage.environment))}  ${stage.state}${times.join('')}`;
  return [head, ...took, ...now, ...stageThings(stage).map((thing) => `    ${thing}`)];
}

/** Its deployments and gates, as they stand. */
const stageThings = ({ deployments, gates }: StageView): string[] => [
  ...deployments.map(
    (d) => `${d.outcome ?? 'going on'}  deployment of ${plain(d.application)} ${d.deploymentId}`,
  ),
  ...gates.map(
    (g) => `${g.verdict ?? 'asked'}  ${plain(g.gate)} (${g.moment}) ${plain(g.summary)}`,
  ),
];

/** What is new of a release each time it is looked at: a line for each thing, once. */
export function releaseNews(terminal: Terminal): (view: ReleaseView) => string[] {
  const told = new Set<string>();
  return (view) => {
    const lines = [
      `${plain(view.pipeline)} ${plain(view.evr)}  ${plain(stands(view) || view.status)}`,
      ...view.stages.flatMap((stage) => [
        ...stageThings(stage).map((thing) => `  ${plain(stage.environment)}  ${thing}`),
        ...(stage.state === 'passed'
          ? [`  ${plain(stage.environment)}  ${terminal.colors.green('passed')}`]
          : []),
      ]),
    ].filter((line) => !told.has(line));
    for (const line of lines) told.add(line);
    return lines;
  };
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
