/* global EventSource */
import { command, eventsUrl } from './api.mjs';
import { ago, fill, h, statusBadge, toneOf } from './dom.mjs';
import { findingLine, refusalBox } from './findings.mjs';

const STORY_LINES = 300;

/** One deployment, live: its hosts, its hosts' Puppet lines, and what may be done. */
export class Card {
  constructor(id, onRedeploy) {
    this.id = id;
    this.onRedeploy = onRedeploy;
    this.head = h('div', { class: 'card-head' });
    this.notes = h('div');
    this.hosts = h('div', { class: 'hosts' });
    this.reason = h('input', { placeholder: 'Reason', maxLength: 500, ariaLabel: 'Reason' });
    this.buttons = h('span', { class: 'actions' });
    this.actions = h('div', { class: 'actions', hidden: true }, this.reason, this.buttons);
    this.answer = h('p', { class: 'faint' });
    this.story = h('pre', { class: 'story', hidden: true });
    this.element = h(
      'article',
      { class: 'card' },
      this.head,
      this.notes,
      this.hosts,
      this.actions,
      this.answer,
      this.story,
    );
    this.source = new EventSource(eventsUrl(`/deployments/${id}/events`));
    this.source.addEventListener('view', ({ data }) => this.show(JSON.parse(data)));
    this.source.addEventListener('story', ({ data }) => this.tell(JSON.parse(data)));
  }

  /** Stops listening. */
  close() {
    this.source.close();
    this.element.remove();
  }

  show(view) {
    const { hosts } = view;
    fill(this.head, [
      h('h3', {}, `${view.application} ${view.evr} → ${view.environment}`),
      statusBadge(view.status),
      h('span', {}, `${hosts.done} of ${hosts.total} hosts done`),
      h(
        'span',
        { class: 'faint' },
        `${ago(view.requestedAt)} by ${view.requestedBy}: ${view.reason}`,
      ),
    ]);
    fill(this.notes, this.notesOf(view));
    fill(
      this.hosts,
      view.progress.map((host) => hostBox(host, (action) => this.actOnHost(host.host, action))),
    );
    const waits = view.status === 'awaiting-approval' && view.approval != null;
    this.actions.hidden =
      view.allowedActions.length === 0 &&
      view.progress.every((host) => host.allowedActions.length === 0);
    fill(this.buttons, [
      ...(waits ? ['approve', 'reject'].map((word) => this.judge(word, view.approval)) : []),
      ...view.allowedActions.map((action) => this.button(action)),
    ]);
  }

  notesOf(view) {
    const paused = view.pausedBecause === null ? [] : [h('p', {}, `Paused: ${view.pausedBecause}`)];
    const approval = view.approval == null ? [] : [h('p', {}, approvalLine(view.approval))];
    if (view.status !== 'refused')
      return [...paused, ...approval, ...view.findings.map(findingLine)];
    const refusal = { detail: 'Refused; nothing was changed.', findings: view.findings };
    return [refusalBox(refusal, (accept) => this.onRedeploy(view, accept))];
  }

  button(action) {
    return h('button', { type: 'button', onclick: () => this.act(action) }, action);
  }

  /** The hash goes with it: what is agreed to is the plan that is shown. */
  judge(word, { planHash }) {
    const say = () => this.ask(`/deployments/${this.id}/${word}`, { planHash });
    const looks = word === 'approve' ? 'primary' : '';
    return h('button', { type: 'button', class: looks, onclick: say }, word);
  }

  act(action) {
    return this.ask(`/deployments/${this.id}/${action}`);
  }

  actOnHost(host, action) {
    return this.ask(`/deployments/${this.id}/hosts/${encodeURIComponent(host)}/${action}`);
  }

  async ask(path, more = {}) {
    const reason = this.reason.value.trim();
    if (reason === '') {
      this.answer.textContent = 'Say why first.';
      this.reason.focus();
      return;
    }
    try {
      const { outcome, because } = await command(path, { ...more, reason });
      this.answer.textContent = outcome === 'accepted' ? '' : because;
      this.reason.value = '';
    } catch (problem) {
      this.answer.textContent = sentences(problem.message, problem.todo ?? '');
    }
  }

  tell({ host, lines }) {
    this.story.hidden = false;
    for (const { message } of lines) this.story.append(`${host} | ${message}\n`);
    while (this.story.childNodes.length > STORY_LINES) this.story.firstChild.remove();
    this.story.scrollTop = this.story.scrollHeight;
  }
}

/** Texts as sentences, one after the other. */
const sentences = (...texts) =>
  texts
    .filter((text) => text !== '')
    .map((text) => (/[.!?]$/.test(text) ? text : `${text}.`))
    .join(' ');

function approvalLine({ planHash, quorum, group, expiresAt, given, note }) {
  const had = given.map(({ by, reason }) => `${by} (${reason})`).join(', ');
  const of = group === null ? 'anybody but whoever asked for it' : `the group ${group}`;
  const so = `${given.length} of ${quorum} approvals by ${of}, until ${new Date(expiresAt).toLocaleString()}`;
  return `Plan ${planHash.slice(0, 12)}: ${so}${had === '' ? '' : `: ${had}`}. ${note}`;
}

function hostBox(view, act) {
  const { host, status, from, to, direction, note, failure, canary, allowedActions } = view;
  const was = from.map(({ evr }) => evr ?? 'absent').join(' ');
  const why = failure === null ? note : `${failure.step}: ${failure.reason}`;
  return h(
    'div',
    { class: `host ${toneOf(status)}` },
    h('strong', {}, canary ? `${host} (canary)` : host),
    h('p', {}, statusBadge(status)),
    h('p', { class: 'faint' }, direction === 'back' ? `back to ${to}` : `${was} → ${to}`),
    why === '' ? '' : h('p', {}, why),
    failure?.outOfService === true ? h('p', { class: 'status bad' }, 'out of service') : '',
    ...allowedActions.map((action) =>
      h('button', { type: 'button', onclick: () => act(action) }, action),
    ),
  );
}
