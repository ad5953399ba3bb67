import { afterEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventLog, type NewEvent } from '@gantry/event-log';
import { Log } from '@gantry/service-kit';
import { buildStory, newEvent, type Told } from '../../test/log-story.js';
import { MemoryReadModels } from '../../test/memory-read-models.js';
import { FeedReader } from './feed-reader.js';
import { ReadModelFollower } from './read-model.follower.js';
import { Rebuild } from './rebuild.js';

const quiet = new Log({ service: 'audit', write: () => undefined });

async function append(log: InMemoryEventLog, told: readonly (Told | NewEvent)[], from = 0) {
  const stream = { type: 'build', id: 'shop-1.1.0-1' };
  await log.transact({
    streams: [stream],
    work: (tx) =>
      tx.append(
        stream,
        tx.version(stream),
        told.map((event, index) => ('eventId' in event ? event : newEvent(event, from + index))),
      ),
  });
}

function parts() {
  const log = new InMemoryEventLog();
  const models = new MemoryReadModels();
  const reader = new FeedReader(log, models);
  const follower = new ReadModelFollower(reader, models, quiet, 60_000);
  return { log, models, reader, follower, rebuild: new Rebuild(reader, models, quiet) };
}

const story = buildStory('1.1.0-1');
const foreign: NewEvent = {
  ...newEvent(story[0]!, 99),
  type: 'build.teleported',
  data: { where: 'elsewhere' },
};

describe('ReadModelFollower', () => {
  const running: ReadModelFollower[] = [];
  const start = (follower: ReadModelFollower) => {
    running.push(follower);
    follower.start();
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((follower) => follower.stop()));
  });

  it('applies what is in the log, and what is appended when it is woken', async () => {
    const { log, models, follower } = parts();
    await append(log, story.slice(0, 1));
    start(follower);
    await models.reaches(1);
    await append(log, story.slice(1, 3), 1);
    follower.wake();
    await models.reaches(3);
    expect(models.row('build', 'shop-1.1.0-1')).toMatchObject({ state: 'quarantined' });
    expect(follower.problem).toBeUndefined();
  });

  it('stops at an event it does not know, says where, and applies nothing behind it', async () => {
    const { log, models, follower } = parts();
    await append(log, [...story.slice(0, 2), foreign, ...story.slice(2)]);
    start(follower);
    await models.reaches(2);
    follower.wake();
    await models.until(() => follower.parked !== undefined);
    expect(follower.parked).toMatch(/build\.teleported at 1:3 .*type is not known/);
    expect(models.row('build', 'shop-1.1.0-1')).toMatchObject({ state: 'changed' });
    follower.wake();
    follower.resume();
    await models.until(() => follower.parked !== undefined);
    expect((await models.current()).events).toBe(2);
  });

  it('goes on by itself after the database came back', async () => {
    const { log, models, follower } = parts();
    await append(log, story.slice(0, 1));
    models.failNext(new Error('terminating connection'));
    start(follower);
    await models.until(() => follower.problem !== undefined);
    expect(follower.problem).toBe('terminating connection');
    expect(follower.parked).toBeUndefined();
    follower.wake();
    await models.reaches(1);
    await models.until(() => follower.problem === undefined);
  });
});

describe('a log that was restored', () => {
  it('F-049 is folded anew when the read models know more, by a rebuild as well', async () => {
    const { log, models, reader } = parts();
    await append(log, story);
    await reader.step(await models.current());
    const restored = new InMemoryEventLog();
    await append(restored, story.slice(0, 2));
    const again = new FeedReader(restored, models);
    expect(await again.step(await models.current())).toMatchObject({ startedOver: true });
    expect(await models.current()).toMatchObject({ position: '0:0', events: 0 });
    await again.step(await models.current());
    expect(models.row('build', 'shop-1.1.0-1')).toMatchObject({ state: 'changed' });
    expect(await again.step(await models.current())).toMatchObject({ more: false });
    expect((await models.current()).events).toBe(2);
  });
});

describe('Rebuild', () => {
  it('folds anew beside the present models and takes over', async () => {
    const { log, models, reader, rebuild } = parts();
    await append(log, story);
    await reader.step(await models.current());
    const before = await models.current();
    const live = models.row('build', 'shop-1.1.0-1');
    expect(await rebuild.run()).toMatchObject({
      events: buildStory('1.1.0-1').length,
      position: before.position,
    });
    expect((await models.current()).generation).not.toBe(before.generation);
    expect(models.row('build', 'shop-1.1.0-1')).toEqual(live);
  });

  it('leaves the present models alone when the log cannot be read to its end', async () => {
    const { log, models, reader, rebuild } = parts();
    await append(log, [story[0]!, foreign]);
    await reader.step(await models.current());
    const before = await models.current();
    await expect(rebuild.run()).rejects.toMatchObject({ kind: 'corrupt' });
    expect(await models.current()).toEqual(before);
  });

  it('gives up when somebody else took over', async () => {
    const { log, models, rebuild } = parts();
    await append(log, story);
    models.forgetRebuilds();
    await expect(rebuild.run()).rejects.toMatchObject({ code: 'audit.rebuild-overtaken' });
  });
});
