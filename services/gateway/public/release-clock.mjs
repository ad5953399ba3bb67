import { h } from './dom.mjs';

/** Hands of the clock as they follow each other on the way; what was not told apart is `deployment`. */
const HANDS = [
  ['waiting', ({ waitingMs }) => waitingMs],
  ['approval', ({ approvalMs = 0 }) => approvalMs],
  ['gates', ({ gatesMs }) => gatesMs],
  ['drain', ({ drainMs = 0 }) => drainMs],
  ['Puppet', ({ puppetMs = 0 }) => puppetMs],
  ['health', ({ healthMs = 0 }) => healthMs],
  ['deployment', (clock) => clock.deployingMs - toldApart(clock)],
  ['soak', ({ soakMs }) => soakMs],
  ['machine', ({ machineMs = 0 }) => machineMs],
];

const toldApart = ({ drainMs = 0, puppetMs = 0, healthMs = 0, machineMs = 0 }) =>
  drainMs + puppetMs + healthMs + machineMs;

/** All that a clock has counted. */
export const totalMs = ({ waitingMs, approvalMs = 0, gatesMs, deployingMs, soakMs }) =>
  waitingMs + approvalMs + gatesMs + deployingMs + soakMs;

/** Where time went in words, what took most first. */
export function inWords(clock) {
  return partsOf(clock)
    .sort(([, a], [, b]) => b - a)
    .map(([hand, ms]) => `${hand} ${seconds(ms)}`)
    .join(', ');
}

/** Where time went as a bar, as long as it is beside its target. */
export function clockBar(clock, targetMs) {
  const whole = Math.max(totalMs(clock), targetMs, 1);
  const parts = partsOf(clock).map(([hand, ms]) =>
    h('i', {
      class: `hand ${hand.toLowerCase()}`,
      title: `${hand} ${seconds(ms)}`,
      style: `width: ${((ms / whole) * 100).toFixed(2)}%`,
    }),
  );
  const target = h('i', {
    class: 'target',
    title: `target ${seconds(targetMs)}`,
    style: `left: ${((targetMs / whole) * 100).toFixed(2)}%`,
  });
  return h('div', { class: 'clock', role: 'img', ariaLabel: inWords(clock) }, ...parts, target);
}

const partsOf = (clock) => HANDS.map(([hand, of]) => [hand, of(clock)]).filter(([, ms]) => ms > 0);

/** A span of time. */
export const seconds = (ms) =>
  ms < 90_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
