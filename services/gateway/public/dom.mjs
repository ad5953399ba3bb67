/* global document */

/** Makes an element. Children that are text become text nodes: nothing that came from elsewhere is ever read as markup. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== undefined && child !== ''));
  return element;
}

/** Replaces what is in an element. */
export function fill(element, children) {
  element.replaceChildren(...children);
}

/** The element of this id. */
export const byId = (id) => document.getElementById(id);

const TONES = {
  good: ['succeeded', 'done', 'rolled-back'],
  busy: [
    'requested',
    'planned',
    'running',
    'verifying',
    'reserving',
    'draining',
    'drained',
    'running-puppet',
    'enabling',
    'travelling',
  ],
  warn: [
    'awaiting-approval',
    'waiting',
    'paused',
    'succeeded-with-failures',
    'cancelling',
    'cancelled',
    'rolling-back',
    'unknown',
    'superseded',
    'stopped',
  ],
  bad: ['failed', 'refused', 'rollback-failed'],
};

/** The colour of a status. */
export function toneOf(status) {
  return Object.keys(TONES).find((tone) => TONES[tone].includes(status)) ?? '';
}

/** A status in its colour. */
export const statusBadge = (status) => h('span', { class: `status ${toneOf(status)}` }, status);

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** How long ago. */
export const ago = (instant) => (instant === null ? 'never' : `${age(instant)} ago`);

/** How long since then, in the largest unit that fits. */
export function age(instant) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(instant)) / 1_000));
  const [size, sign] = UNITS.find(([unit]) => seconds >= unit) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${sign}`;
}
