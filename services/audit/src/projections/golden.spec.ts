import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { shownToday, unreadable, type GoldenView } from '../../test/golden-view.js';

const folder = new URL('../../golden/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** Recorded once, never edited: what today's code shows of what happened before it. It may show more, and nothing else. */
describe.each(files)('the recorded view %s', (file) => {
  const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as GoldenView;
  const after = Object.keys(golden.views).map(Number);

  it('is of events that the contracts read', () => {
    expect(unreadable(golden)).toEqual([]);
  });

  it('is what is shown', () => {
    expect(after).toContain(golden.events.length);
    expect(shownToday(golden, after)).toMatchObject(golden.views);
  });
});

it('there are recorded views of releases and holds', () => {
  for (const model of ['release', 'hold'])
    expect(files.filter((name) => name.startsWith(model)).length).toBeGreaterThanOrEqual(2);
});
