import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeploymentView, RefreshView } from '@gantry/contracts';
import type { FollowedDeployment } from '../dsl/followed-deployment.js';
import type { Scenario } from '../dsl/scenario.js';
import type { System } from '../dsl/system.js';

const [FIRST, SECOND, THIRD] = ['web1.lab', 'web2.lab', 'web3.lab'] as const;
const EXIT = { ok: 0, refused: 3, cancelled: 8, pausedForPerson: 9 };

interface Printed {
  readonly id: string;
  readonly status: string;
  readonly exitCode: number;
  readonly deployment: DeploymentView;
}

/** `./gantry ...`, as people and CI use it. */
export function commandLine(system: () => System, { given, when, then }: Scenario): void {
  const printed = (stdout: string): Printed => JSON.parse(stdout) as Printed;

  describe('the command line', () => {
    beforeAll(() => given.customers('1.3.0-1'));
    afterAll(() => given.peace());

    it('deploy --wait --json ends 0, and only on succeeded; the last good fleet file is in force', async () => {
      await given.brokenFleetFile();
      await then.attentionIs('fleet-file-rejected');
      await then.attentionSays(/line \d+.*environments\.production/);
      await given.build('1.3.0');
      const done = await when.gantry(
        ...['deploy', 'shop', '1.3.0-1', '--to', 'production', '--wait', '--json'],
      );
      expect(done).toMatchObject({ exitCode: EXIT.ok });
      const { id, status, deployment } = printed(done.stdout);
      expect({ status, exitCode: printed(done.stdout).exitCode }).toEqual({
        status: 'succeeded',
        exitCode: EXIT.ok,
      });
      const followed = system().follow(id);
      await then.ends(followed, 'succeeded');
      then.proofsAreWhole(followed, deployment);
      await then.everyHostRuns('1.3.0-1');
      await given.goodFleetFile();
      await then.attentionIs();
    });

    it('deploy --wait of what runs everywhere already ends 3 and changes nothing', async () => {
      const again = await when.gantry(
        ...['deploy', 'shop', '1.3.0-1', '--to', 'production', '--wait', '--json'],
      );
      expect(again).toMatchObject({ exitCode: EXIT.refused });
      const followed = system().follow(printed(again.stdout).id);
      await then.ends(followed, 'refused');
      expect(followed.of('lb.drain.requested')).toEqual([]);
    });

    it('refresh --noop --wait runs Puppet everywhere and changes nothing', async () => {
      const hosts = [FIRST, SECOND, THIRD];
      const done = await when.gantry('refresh', ...hosts, '--noop', '--wait', '--json');
      expect(done).toMatchObject({ exitCode: EXIT.ok });
      const { refresh } = JSON.parse(done.stdout) as { refresh: RefreshView };
      for (const { host, status, report } of refresh.progress) {
        expect({ host, status, noop: report?.noop }).toEqual({ host, status: 'done', noop: true });
        expect(report?.counts.changed).toBe(0);
        if (report != null) system().askedElsewhere.add(report.jobId);
      }
      await then.noRunHappenedTwice();
      then.customersNoticedNothing();
    });

    it('deploy --wait of a broken build ends 9 at its canary; rollback --wait ends 0', async () => {
      await given.build('1.4.0', 'broken');
      const stopped = await when.gantry(
        ...['deploy', 'shop', '1.4.0-1', '--to', 'production', '--wait', '--json'],
      );
      expect(stopped).toMatchObject({ exitCode: EXIT.pausedForPerson });
      const { id } = printed(stopped.stdout);
      await then.attentionIs('deployment-paused', 'host-out-of-service');
      await then.isOutOfService(FIRST);
      expect((await when.gantry('attention')).stdout).toContain(FIRST);

      const back = await when.gantry('rollback', id, '--wait', '--json');
      expect(back).toMatchObject({ exitCode: EXIT.ok });
      await then.ends(system().follow(id), 'rolled-back');
      await then.everyHostRuns('1.3.0-1');
      await then.attentionIs();
      then.customersNoticedNothing();
    });
  });

  describe('a person in control', () => {
    let deployment: FollowedDeployment;

    beforeAll(async () => {
      await given.build('1.4.1');
      await given.customers('1.4.1-1');
      deployment = await when.deploy('1.4.1-1');
    });
    afterAll(() => given.peace());

    it('pause: the host in flight is finished, no further one is touched', async () => {
      await deployment.until('lb.drain.requested', FIRST);
      expect(await when.gantry('pause', deployment.id)).toMatchObject({ exitCode: EXIT.ok });
      await then.hostDone(deployment, FIRST);
      const show = await when.gantry('show', deployment.id, '--json');
      expect(JSON.parse(show.stdout)).toMatchObject({ status: 'paused' });
      expect(deployment.of('deployment.host-reserved')).toHaveLength(1);
    });

    it('resume: the next host is taken', async () => {
      expect(await when.gantry('resume', deployment.id)).toMatchObject({ exitCode: EXIT.ok });
      await deployment.until('puppet.run.requested', SECOND);
    });

    it('cancel: hosts in flight end in service, no further one is touched', async () => {
      const cancelled = await when.gantry('cancel', deployment.id, '--wait', '--json');
      expect(cancelled).toMatchObject({ exitCode: EXIT.ok });
      const view = await then.ends(deployment, 'cancelled');
      expect(view.progress.map(({ host, status }) => ({ host, status }))).toEqual([
        { host: FIRST, status: 'done' },
        { host: SECOND, status: 'done' },
        { host: THIRD, status: 'skipped' },
      ]);
      expect(deployment.of('lb.drain.requested', THIRD)).toEqual([]);
      await then.everyHostIsInService();
      await then.attentionIs();
      then.customersNoticedNothing();
    });
  });
}
