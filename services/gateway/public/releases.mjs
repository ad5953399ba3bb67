import { age, ago, byId, fill, h, statusBadge } from './dom.mjs';
import { clockBar, inWords, seconds, totalMs } from './release-clock.mjs';

const SHOWN = 8;
const TONE = { pass: 'good', fail: 'bad', inconclusive: 'warn' };

/** Builds on their way: one line each, a box for every stage, a dot for every gate, and where the time went. */
export function showReleases(items) {
  byId('releases-section').hidden = items.length === 0;
  fill(byId('releases'), items.slice(0, SHOWN).map(release));
}

function release(view) {
  const { pipeline, evr, status, stages, hold, because, targetMs, clock } = view;
  const why = hold === null ? because : `${hold.rule}: ${hold.detail}`;
  return h(
    'article',
    { class: 'release' },
    h(
      'p',
      {},
      h('strong', {}, `${pipeline} ${evr}`),
      ' ',
      statusBadge(status),
      h('span', { class: 'faint' }, ` ${sinceWhen(view)}`),
    ),
    h('div', { class: 'stages' }, ...stages.map(stage)),
    ...(clock === undefined
      ? []
      : [clockBar(clock, targetMs), h('p', { class: 'faint' }, inWords(clock))]),
    why === '' ? '' : h('p', { class: 'faint' }, why),
  );
}

function stage({ environment, state, gates, deployments, clock, clockNow }) {
  const passedMs = totalMs(clock);
  return h(
    'div',
    { class: `stage ${state}`, title: detailsOf(clock, deployments) },
    h('span', {}, environment),
    ...gates.map(({ gate, verdict, summary }) =>
      h('i', {
        class: `gate ${TONE[verdict] ?? 'busy'}`,
        title: `${gate}: ${verdict ?? 'asked'} ${summary}`,
      }),
    ),
    passedMs === 0 ? '' : h('span', { class: 'faint' }, seconds(passedMs)),
    clockNow == null ? '' : now(clockNow),
  );
}

/** What it does, and since when that is not in the clock yet. */
function now({ hand, since }) {
  const tone = hand === 'approval' || hand === 'waiting' ? 'warn' : 'busy';
  return h('span', { class: `status ${tone}` }, `${NOW[hand]} (${age(since)})`);
}

const NOW = {
  puppet: 'Puppet runs',
  drain: 'drains',
  health: 'comes back',
  gates: 'asks gates',
  soak: 'soaks',
  approval: 'waits for a person',
  waiting: 'waits',
  machine: 'under way',
};

function detailsOf(clock, deployments) {
  const ends = deployments.map(
    ({ application, outcome }) => `${application}: ${outcome ?? 'deploying'}`,
  );
  return [inWords(clock), ...ends].filter((text) => text !== '').join('; ');
}

function sinceWhen({ publishedAt, createdAt, endedAt, reason, targetMs }) {
  const [from, event] = reason === null ? [publishedAt, 'published'] : [createdAt, 'asked for'];
  if (endedAt === null) return `${event} ${ago(from)}, target ${seconds(targetMs)}`;
  const tookMs = Date.parse(endedAt) - Date.parse(from);
  return `${seconds(tookMs)} since it was ${event}, target ${seconds(targetMs)}`;
}
