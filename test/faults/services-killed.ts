import { crashMatrix, type Cell, type Stage } from './crash-matrix.js';

/** Before the event is appended; appended and not told; told and not noted as told. */
const around = (step: string, type: string): readonly Cell[] => [
  [`${step} c1`, `appending/${type}`],
  [`${step} c2`, `publishing/${type}`],
  [`${step} c3`, `published/${type}`],
];
/** The outcome is appended, and the message that brought it is not acknowledged. */
const unacknowledged = (step: string, type: string): Cell => [`${step} c4`, `handled/${type}`];
/** Nothing is done yet; the effect is about to be made; it is made and nobody knows; all is done but the acknowledgement. */
const effectOf = (step: string, request: string, command: string): readonly Cell[] => [
  [`${step} c1`, `received/${request}`],
  [`${step} c2`, `sending/${command}`],
  [`${step} c3`, `sent/${command}`],
  unacknowledged(step, request),
];
const observationOf = (step: string, reply: string, observation: string): readonly Cell[] => [
  [`${step} c1`, `received/${reply}`],
  [`${step} c2`, `publishing/${observation}`],
  [`${step} c3`, `published/${observation}`],
  unacknowledged(step, reply),
];

const ORCHESTRATOR: readonly Cell[] = [
  ...around('T1', 'deployment.requested'),
  unacknowledged('T1', 'deployment.request'),
  ...around('T3', 'deployment.planned'),
  unacknowledged('T3', 'puppet.host.surveyed'),
  ...around('T4', 'deployment.started'),
  ...around('T5', 'deployment.host-reserved'),
  ...around('T6', 'lb.drain.requested'),
  ...around('T7', 'deployment.host-drained'),
  unacknowledged('T7', 'lb.drained'),
  ...around('T8', 'puppet.publish.requested'),
  unacknowledged('T8', 'puppet.version.published'),
  ...around('T8', 'puppet.run.requested'),
  ...around('T9', 'deployment.host-run-started'),
  unacknowledged('T9', 'puppet.run.started'),
  ...around('T10', 'deployment.host-run-finished'),
  unacknowledged('T10', 'puppet.run.finished'),
  ...around('T11', 'deployment.host-verified'),
  unacknowledged('T11', 'puppet.health.observed'),
  ...around('T12', 'lb.enable.requested'),
  ...around('T13', 'deployment.host-enabled'),
  unacknowledged('T13', 'lb.enabled'),
  ...around('T14', 'deployment.verifying'),
  unacknowledged('T14', 'lb.pools.surveyed'),
  ...around('T15', 'deployment.succeeded'),
];

const DISPATCHER: readonly Cell[] = [
  ...effectOf('T8', 'puppet.run.requested', 'host.run.command'),
  ...observationOf('T9', 'host.run.started', 'puppet.run.started'),
  ...observationOf('T10', 'host.run.finished', 'puppet.run.finished'),
];

const LB_CONTROLLER: readonly Cell[] = [
  ['T6 c1', 'received/lb.drain.requested'],
  ['T6 c2', 'setting/drain'],
  ['T6 c3', 'set/drain'],
  ['T7 c1', 'setting/off'],
  ['T7 c2', 'set/off'],
  ['T7 c3', 'published/lb.drained'],
  unacknowledged('T7', 'lb.drain.requested'),
  ['T12 c1', 'received/lb.enable.requested'],
  ['T12 c2', 'setting/in'],
  ['T12 c3', 'set/in'],
  ['T13 c2', 'publishing/lb.enabled'],
  ['T13 c3', 'published/lb.enabled'],
  unacknowledged('T13', 'lb.enable.requested'),
];

/** kill -9 of one service at every step and moment that it has a part in. */
export function servicesKilled(stage: Stage): void {
  crashMatrix(stage, {
    title: 'F-003 the orchestrator',
    program: ({ installation }) => installation.service('orchestrator'),
    cells: ORCHESTRATOR,
  });
  crashMatrix(stage, {
    title: 'F-004 the dispatcher',
    program: ({ installation }) => installation.service('puppet-dispatcher'),
    cells: DISPATCHER,
  });
  crashMatrix(stage, {
    title: 'F-005 the lb-controller',
    program: ({ installation }) => installation.service('lb-controller'),
    cells: LB_CONTROLLER,
  });
  crashMatrix(stage, {
    title: 'F-007 audit',
    program: ({ installation }) => installation.service('audit'),
    cells: [
      ['any step c1', 'applying/batch'],
      ['any step c2', 'applied/batch'],
    ],
  });
  crashMatrix(stage, {
    title: 'F-008 the listener of web2',
    program: ({ installation }) => installation.listener('web2'),
    cells: [
      ['T3 before it tells what is installed', 'journaled/seen'],
      ['T8 before its journal entry', 'journaling/accepted'],
      ['T8 after it', 'journaled/accepted'],
      ['T9 before Puppet starts', 'journaled/starting'],
      ['T9 with Puppet just started', 'journaling/started'],
      ['T9 during Puppet', 'journaled/started'],
      ['T10 after Puppet', 'journaling/finished'],
      ['T10 before its reply', 'journaled/finished'],
      ['T11 before it tells of the health', 'journaled/verified'],
    ],
  });
}
