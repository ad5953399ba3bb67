import { describe, expect, it } from '@jest/globals';
import { chooseInfra, type MachineProbes } from './choose-infra.js';

const machine = (has: { binaries: boolean; docker: boolean }): MachineProbes => ({
  hasBinaries: () => Promise.resolve(has.binaries),
  dockerAnswers: () => Promise.resolve(has.docker),
});
const BARE = machine({ binaries: false, docker: false });

describe('where servers for tests come from', () => {
  it.each(['containers', 'processes', 'external'])(
    'is %s when that is wished for',
    async (wish) => {
      expect(await chooseInfra(wish, BARE)).toBe(wish);
    },
  );

  it.each([
    [{ binaries: true, docker: true }, 'processes'],
    [{ binaries: true, docker: false }, 'processes'],
    [{ binaries: false, docker: true }, 'containers'],
  ])('is with %j, without a wish, %s', async (has, expected) => {
    expect(await chooseInfra(undefined, machine(has))).toBe(expected);
    expect(await chooseInfra('', machine(has))).toBe(expected);
  });

  it('does not ask for Docker when the programs are here', async () => {
    const dockerAnswers = () => Promise.reject(new Error('asked'));
    expect(
      await chooseInfra(undefined, {
        ...machine({ binaries: true, docker: false }),
        dockerAnswers,
      }),
    ).toBe('processes');
  });

  it('says on a bare machine what to do', async () => {
    await expect(chooseInfra(undefined, BARE)).rejects.toThrow(
      /apt-get install postgresql activemq.*start Docker.*GANTRY_TEST_INFRA=external/,
    );
  });

  it('refuses what it does not know, and says what it knows', async () => {
    await expect(chooseInfra('docker', BARE)).rejects.toThrow(
      /"docker"[^]*GANTRY_TEST_INFRA[^]*containers, processes, external/,
    );
  });
});
