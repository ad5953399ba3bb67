import { age, ago, byId, fill, h, statusBadge } from './dom.mjs';

/** What runs where. */
export function showRunning(items) {
  const tiles = items.map(({ application, environment, versions, since }) =>
    h(
      'div',
      { class: 'tile' },
      h('span', { class: 'faint' }, `${application} · ${environment}`),
      ...versions.map(({ evr, hosts }) =>
        h(
          'strong',
          { title: hosts.join(', ') },
          evr,
          h('span', { class: 'faint' }, ` × ${hosts.length}`),
        ),
      ),
      versions.length === 0 ? h('strong', {}, 'nothing yet') : '',
      since === null ? '' : h('span', { class: 'faint' }, `for ${age(since)}`),
    ),
  );
  fill(byId('running'), tiles.length > 0 ? tiles : [h('p', { class: 'faint' }, 'Nothing yet.')]);
}

/** What a person must look at; `onOpen` is called with the id of the deployment it is about. */
export function showAttention(items, onOpen) {
  byId('attention-section').hidden = items.length === 0;
  const lines = items.map(({ title, detail, todo, openedAt, deploymentId }) =>
    h(
      'li',
      {},
      h('strong', {}, title),
      h('span', { class: 'faint' }, ` ${ago(openedAt)}`),
      detail === '' ? '' : h('p', {}, detail),
      deploymentId === null
        ? ''
        : h('button', { type: 'button', onclick: () => onOpen(deploymentId) }, 'show it'),
      todo === '' ? '' : h('p', { class: 'faint' }, todo),
    ),
  );
  fill(byId('attention'), lines);
}

/** A service tells of itself every five seconds. */
const SILENT_MS = 20_000;

/** Services in trouble: heard live, so that they are shown also while the log is away. */
export function showServices({ services, broker }) {
  const bus = broker === 'disconnected' ? ['The message broker cannot be reached.'] : [];
  const lines = services.flatMap(({ service, instance, ageMs, failing }) => {
    const name = `${service} (${instance})`;
    if (ageMs > SILENT_MS) return [`${name} was last heard of ${Math.round(ageMs / 1000)} s ago`];
    return failing.map(({ check, reason }) => `${name} is not ready: ${check}: ${reason}`);
  });
  byId('services-section').hidden = bus.length + lines.length === 0;
  fill(
    byId('services'),
    [...bus, ...lines].map((line) => h('li', {}, line)),
  );
}

/** Deployments, the newest first; `onOpen` is called with the id of the one to show. */
export function showDeployments(items, onOpen) {
  const rows = items.map((item) =>
    row(
      h('button', { type: 'button', onclick: () => onOpen(item.id) }, item.application),
      item.environment,
      item.evr,
      statusBadge(item.status),
      `${item.hosts.done} / ${item.hosts.total}`,
      `${ago(item.requestedAt)} by ${item.requestedBy}`,
      item.reason,
    ),
  );
  fill(byId('deployments'), rows);
}

/** Hosts. */
export function showHosts(items) {
  const rows = items.map((host) =>
    row(
      host.host,
      host.environments.join(', '),
      host.installed.map(({ name, evr }) => `${name} ${evr ?? 'absent'}`).join(', '),
      host.lastRun === null
        ? 'none known'
        : `${host.lastRun.verdict.kind}, ${ago(host.lastRun.at)}`,
      heard(host),
      host.outOfService ? h('span', { class: 'status bad' }, 'out of service') : '',
    ),
  );
  fill(byId('hosts'), rows);
}

function heard({ reachable, lastHeardAt }) {
  if (reachable === null) return 'never';
  return reachable ? 'now' : h('span', { class: 'status warn' }, ago(lastHeardAt));
}

const row = (...cells) => h('tr', {}, ...cells.map((cell) => h('td', {}, cell)));
