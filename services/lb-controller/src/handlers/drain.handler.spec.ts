import { describe, expect, it } from '@jest/globals';
import type { Message } from '@gantry/contracts';
import type { Log, MessageBus } from '@gantry/service-kit';
import { drainOf, fakeSetup, placeOf } from '../../test/fake-setup.js';
import { DrainProcedure } from '../procedures/drain.procedure.js';
import { EpochFence } from '../procedures/epoch-fence.js';
import { IntentWatch } from '../watch/intent-watch.js';
import { DrainHandler } from './drain.handler.js';

const TOO_FEW = { memberships: [placeOf('web1', 'web', 3)] };

function bench() {
  const { device, tools } = fakeSetup();
  const fence = new EpochFence();
  const answers: string[] = [];
  const bus = {
    publish: ({ type }: { readonly type: string }) => Promise.resolve(void answers.push(type)),
  } as unknown as MessageBus;
  const handler = new DrainHandler(
    new DrainProcedure(tools),
    fence,
    new IntentWatch(tools),
    bus,
    tools.log as unknown as Log,
  );
  const ask = (change: Parameters<typeof drainOf>[1] = {}) =>
    handler.handle({ data: drainOf('web1', change) } as Message<'lb.drain.requested'>, {
      again: false,
    });
  const admin = async () =>
    (await device.readPool('web')).members.find(({ member }) => member === 'web1')?.admin;
  return { ask, answers, admin, fence };
}

describe('F-021 a drain that comes late', () => {
  it('once more, after it was refused, is refused again and not carried out', async () => {
    const { ask, answers, admin } = bench();
    await ask(TOO_FEW);
    await ask();
    expect(answers).toEqual(['lb.drain.failed', 'lb.drain.failed']);
    expect(await admin()).toBe('in');
  });

  it('under another id is another request', async () => {
    const { ask, answers, admin } = bench();
    await ask(TOO_FEW);
    await ask({ requestId: 'drain-again' as never });
    expect(answers).toEqual(['lb.drain.failed', 'lb.drained']);
    expect(await admin()).toBe('off');
  });

  it('after its turn has put the host back takes nobody out', async () => {
    const { ask, answers, admin, fence } = bench();
    fence.close('web1', 1);
    await ask();
    expect(answers).toEqual(['lb.drain.failed']);
    expect(await admin()).toBe('in');
  });
});
