import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { definitionOf } from '@gantry/contracts';
import { promised, type Golden } from '../../test/golden-deployment.js';
import { evolve, initialDeployment, type DeploymentFact, type DeploymentState } from '../index.js';

const folder = new URL('../../golden/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** Recorded once, never edited: what today's code makes of deployments that happened before it. */
describe.each(files)('the recorded deployment %s', (file) => {
  const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden;

  it('is readable by the contracts', () => {
    for (const { type, data } of golden.facts) {
      const read = definitionOf(type)?.schema.safeParse(data);
      expect([type, read?.success]).toEqual([type, true]);
    }
  });

  it('folds to the states it had', () => {
    let state: DeploymentState = initialDeployment;
    const states: Record<string, unknown> = {};
    golden.facts.forEach((fact: DeploymentFact, i) => {
      state = evolve(state, fact);
      if (String(i + 1) in golden.states) states[i + 1] = promised(state);
    });
    expect(states).toEqual(golden.states);
    expect(states[golden.facts.length]).toBeDefined();
  });
});

it('there are recorded deployments', () => {
  expect(files.length).toBeGreaterThanOrEqual(8);
});
