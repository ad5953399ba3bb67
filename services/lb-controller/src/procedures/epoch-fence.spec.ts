import { describe, expect, it } from '@jest/globals';
import { EpochFence } from './epoch-fence.js';

describe('the epoch fence', () => {
  it('lets equal and newer claims pass, and closes behind a newer one', () => {
    const fence = new EpochFence();
    const first = fence.claim('web1', 4);
    expect([first(), fence.claim('web1', 4)(), fence.claim('web1', 3)()]).toEqual([
      true,
      true,
      false,
    ]);
    const newer = fence.claim('web1', 5);
    expect([first(), newer(), fence.claim('web2', 1)()]).toEqual([false, true, true]);
  });

  it('F-021 lets no drain pass that comes after its turn has put the host back', () => {
    const fence = new EpochFence();
    const drain = fence.claimOut('web1', 4);
    expect(drain()).toBe(true);
    fence.close('web1', 4);
    expect([drain(), fence.claimOut('web1', 4)(), fence.claim('web1', 4)()]).toEqual([
      false,
      false,
      true,
    ]);
    expect([fence.claimOut('web1', 5)(), fence.claimOut('web2', 1)()]).toEqual([true, true]);
  });
});
