/* global EventSource, setTimeout, setInterval */
import { eventsUrl, read } from './api.mjs';
import { Card } from './card.mjs';
import { deploy, offer, onDeploy } from './deploy-form.mjs';
import { byId } from './dom.mjs';
import { showReleases } from './releases.mjs';
import {
  showAttention,
  showDeployments,
  showHosts,
  showRunning,
  showServices,
} from './overview.mjs';

/** Browsers open six connections to one server; the page needs some for itself. */
const LIVE_CARDS = 3;
const OVER = new Set([
  'refused',
  'succeeded',
  'succeeded-with-failures',
  'failed',
  'cancelled',
  'rolled-back',
  'rollback-failed',
  'superseded',
  'expired',
]);

const cards = new Map();
/** Deployments a person opened, the latest first. */
let opened = [];
/** What is shown. */
let shown = [];

function open(id) {
  opened = [id, ...opened.filter((other) => other !== id)].slice(0, LIVE_CARDS);
  void refresh().then(() => cards.get(id)?.element.scrollIntoView({ block: 'nearest' }));
}

function redeploy({ application, environment, evr, reason }, accept) {
  void deploy({ application, environment, evr, reason }, accept, open);
}

function showCards(deployments) {
  const active = deployments.filter(({ status }) => !OVER.has(status)).map(({ id }) => id);
  // What was live while it ran stays until something else takes its place.
  const wanted = [...new Set([...opened, ...active, ...shown])].slice(0, LIVE_CARDS);
  for (const [id, card] of cards) {
    if (wanted.includes(id)) continue;
    card.close();
    cards.delete(id);
  }
  // What is new comes first: it is what somebody waits for.
  for (const id of wanted.toReversed()) {
    if (cards.has(id)) continue;
    const card = new Card(id, redeploy);
    cards.set(id, card);
    byId('cards').prepend(card.element);
  }
  shown = wanted;
}

/** Apart from the rest: it needs no database. */
async function refreshServices() {
  try {
    showServices(await read('/status'));
  } catch {
    // The line at the top says it.
  }
}

async function refresh() {
  void refreshServices();
  try {
    const [running, deployments, attention, hosts, builds, releases] = await Promise.all(
      [
        '/running',
        '/deployments?limit=20',
        '/attention',
        '/hosts',
        '/builds',
        '/releases?limit=8',
      ].map(read),
    );
    showRunning(running.items);
    showReleases(releases.items);
    showCards(deployments.items);
    showDeployments(deployments.items, open);
    showAttention(attention.items, open);
    showHosts(hosts.items);
    offer(running.items, builds.items);
    byId('connection').textContent = 'live';
  } catch (problem) {
    byId('connection').textContent = `not up to date: ${problem.message}`;
  }
}

let due;
/** Many events come at once; one look is enough for them. */
function refreshSoon() {
  due ??= setTimeout(() => {
    due = undefined;
    void refresh();
  }, 250);
}

const events = new EventSource(eventsUrl('/events'));
events.addEventListener('log', refreshSoon);
events.addEventListener('open', refreshSoon);
events.addEventListener('error', () => {
  byId('connection').textContent = 'connection lost, trying again';
});
setInterval(refresh, 10_000);
onDeploy(open);
void refresh();
