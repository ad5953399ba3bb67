import { command } from './api.mjs';
import { byId, fill, h } from './dom.mjs';
import { refusalBox } from './findings.mjs';

const form = byId('deploy');
const answer = byId('deploy-answer');
const field = (name) => form.elements.namedItem(name);
let choices = { running: [], builds: [] };

/** Offers what there is; what the person has chosen stays chosen. */
export function offer(running, builds) {
  choices = { running, builds };
  options(field('application'), unique(running.map(({ application }) => application)));
  narrow();
}

/** Calls back with the id of each deployment that is made. */
export function onDeploy(made) {
  field('application').addEventListener('change', narrow);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void deploy(requestInForm(), [], made);
  });
}

/** Asks for a deployment; a refusal is shown, and what may be accepted can be. */
export async function deploy(request, accept, made) {
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const { id, outcome, because } = await command('/deployments', { ...request, accept });
    fill(answer, outcome === 'accepted' ? [] : [h('p', { class: 'answer' }, because)]);
    if (outcome === 'accepted') made(id);
  } catch (problem) {
    const again = (codes) => void deploy(request, [...accept, ...codes], made);
    const { message: detail, todo, findings } = problem;
    fill(answer, [refusalBox({ detail, todo, findings }, again)]);
  } finally {
    button.disabled = false;
  }
}

function requestInForm() {
  const value = (name) => field(name).value.trim();
  const confirmEnvironment = value('confirmEnvironment');
  return {
    application: value('application'),
    environment: value('environment'),
    evr: value('evr'),
    reason: value('reason'),
    ...(confirmEnvironment === '' ? {} : { confirmEnvironment }),
  };
}

/** Environments of the application, and builds: those of its name where a package is called like it, else all. */
function narrow() {
  const application = field('application').value;
  const { running, builds } = choices;
  const here = running.filter((item) => item.application === application);
  options(field('environment'), unique(here.map(({ environment }) => environment)));
  const named = builds.filter(({ name }) => name === application);
  const offered = (named.length > 0 ? named : builds).filter(({ state }) => state !== 'changed');
  options(field('evr'), unique(offered.map(({ evr }) => evr)));
}

const unique = (values) => [...new Set(values)];

function options(select, values) {
  const chosen = select.value;
  if ([...select.options].map(({ value }) => value).join('\n') === values.join('\n')) return;
  fill(
    select,
    values.map((value) => h('option', { value, selected: value === chosen }, value)),
  );
}
