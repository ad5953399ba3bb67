import { ago, byId, fill, h, statusBadge } from './dom.mjs';

const SHOWN = 8;
const TONE = { pass: 'good', fail: 'bad', inconclusive: 'warn' };

/** Builds on their way: one line each, a box for every stage, a dot for every gate. */
export function showReleases(items) {
  byId('releases-section').hidden = items.length === 0;
  fill(byId('releases'), items.slice(0, SHOWN).map(release));
}

function release({ pipeline, evr, status, stages, hold, because, publishedAt, endedAt, targetMs }) {
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
      h('span', { class: 'faint' }, ` ${clock(publishedAt, endedAt, targetMs)}`),
    ),
    h('div', { class: 'stages' }, ...stages.map(stage)),
    why === '' ? '' : h('p', { class: 'faint' }, why),
  );
}

function stage({ environment, state, gates, deployments, clock: times }) {
  const passedMs = Object.values(times).reduce((sum, ms) => sum + ms, 0);
  return h(
    'div',
    { class: `stage ${state}`, title: detailsOf(times, deployments) },
    h('span', {}, environment),
    ...gates.map(({ gate, verdict, summary }) =>
      h('i', {
        class: `gate ${TONE[verdict] ?? 'busy'}`,
        title: `${gate}: ${verdict ?? 'asked'} ${summary}`,
      }),
    ),
    passedMs === 0 ? '' : h('span', { class: 'faint' }, seconds(passedMs)),
  );
}

function detailsOf({ waitingMs, gatesMs, deployingMs, soakMs }, deployments) {
  const ends = deployments.map(
    ({ application, outcome }) => `${application}: ${outcome ?? 'deploying'}`,
  );
  return `waiting ${seconds(waitingMs)}, gates ${seconds(gatesMs)}, deployment ${seconds(deployingMs)}, soak ${seconds(soakMs)}. ${ends.join(', ')}`;
}

function clock(publishedAt, endedAt, targetMs) {
  if (endedAt === null) return `published ${ago(publishedAt)}`;
  const tookMs = Date.parse(endedAt) - Date.parse(publishedAt);
  return `${seconds(tookMs)} from its publication, target ${seconds(targetMs)}`;
}

const seconds = (ms) =>
  ms < 90_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
