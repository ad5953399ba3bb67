import { describe, expect, it } from '@jest/globals';
import { PinnedPackage, type Finding } from '@gantry/contracts';
import type { TargetOptions } from '../../test/target.js';
import { World, type WorldOptions } from '../../test/world.js';

const content = (given: object): TargetOptions['content'] =>
  PinnedPackage.pick({ mayReplace: true, inspection: true, claims: true }).parse(given);

/** What is found when a build of this content is asked for, and how the deployment stands. */
function planned(given: object, { accept = [] as readonly string[], ...options }: Ask = {}) {
  const world = new World({ ...options, content: content(given) });
  world.request({}, { accept: [...accept] });
  world.until(() => world.state.status !== 'requested');
  const refusal = world.of('deployment.refused')[0];
  const findings: readonly Finding[] =
    world.of('deployment.planned')[0]?.data.plan.findings ?? refusal?.data.findings ?? [];
  return { world, findings, found: findings.map(({ severity, code }) => `${severity} ${code}`) };
}
type Ask = WorldOptions & { readonly accept?: readonly string[] };

const signed = (signature: object) => ({ inspection: { signature } });
const scripts = (kinds: string[], ...reaches: string[]) => ({
  inspection: { scripts: { kinds, reaches } },
});
const claim = { relation: 'obsoletes', name: 'cart', application: 'cart' };
const EVERYTHING = ['package-not-trusted', 'package-replaces', 'package-scripts-reach'];

const expectNothingDone = (world: World) => {
  expect(world.settle()).toBe('refused');
  expect(world.count('deployment.started')).toBe(0);
  expect(world.count('puppet.publish.requested')).toBe(0);
};

describe('a plan, by who signed its package', () => {
  it.each([
    ['unsigned', { verdict: 'unsigned' }, 'shop-1.1.0-1 is not signed', /rpmsign/],
    [
      'signed by another key',
      { verdict: 'other-key', keyId: 'ab7b6aad' },
      'signed by key ab7b6aad, which its repository does not trust',
      /packageKeyring/,
    ],
    [
      'signed by a revoked key',
      { verdict: 'other-key', keyId: 'ab7b6aad', lapsed: 'revoked' },
      'signed by key ab7b6aad, which was revoked',
      /signed by one that is/,
    ],
    [
      'damaged',
      { verdict: 'broken', detail: 'Payload SHA256 digest: BAD' },
      'tampered with: Payload SHA256 digest: BAD',
      /Take it out of the repository/,
    ],
  ])('H-080 is blocked when it is %s, whatever is accepted', (_name, signature, seen, todo) => {
    const { world, findings } = planned(signed(signature), { accept: EVERYTHING });
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'block',
        code: 'package-not-trusted',
        message: expect.stringContaining(seen),
        todo: expect.stringMatching(todo),
      }),
    ]);
    expectNothingDone(world);
  });

  it.each([
    ['verified', signed({ verdict: 'verified', keyId: '91c93c98b413cf7a' })],
    ['unchecked, for its repository names no keys', {}],
  ])('H-080 goes on when it is %s', (_name, given) => {
    const { world, found } = planned(given);
    expect(found).toEqual([]);
    expect(world.settle()).toBe('succeeded');
  });
});

describe('a plan, by whose names its package takes', () => {
  it('H-083 is blocked when it obsoletes or provides the package of another application', () => {
    for (const relation of ['obsoletes', 'provides']) {
      const { world, findings } = planned(
        { claims: [{ ...claim, relation }] },
        { accept: EVERYTHING },
      );
      expect(findings).toMatchObject([
        {
          severity: 'block',
          code: 'package-replaces',
          message: expect.stringContaining(`shop-1.1.0-1 ${relation} cart, which belongs to cart`),
          todo: expect.stringContaining('list cart in mayReplace of shop'),
        },
      ]);
      expectNothingDone(world);
    }
  });

  it('H-083 is shown, and goes on, when the fleet file lists that name, and no other', () => {
    const { world, found } = planned({ claims: [claim], mayReplace: ['cart'] });
    expect(found).toEqual(['info package-replaces']);
    expect(world.settle()).toBe('succeeded');
    const other = planned({ claims: [claim, { ...claim, name: 'basket' }], mayReplace: ['cart'] });
    expect(other.found).toEqual(['info package-replaces', 'block package-replaces']);
    expectNothingDone(other.world);
  });
});

describe('a plan, by the epoch of its package', () => {
  it('H-083 wants an epoch accepted that is above what hosts have', () => {
    const { world, findings } = planned({}, { from: '2.0.0-1', to: '1:1.1.0-1' });
    expect(findings).toMatchObject([
      {
        severity: 'confirm',
        code: 'epoch-raised',
        message: expect.stringContaining('on 4 of 4 hosts (web1.lab: 2.0.0-1)'),
      },
    ]);
    expectNothingDone(world);
    const accepted = planned(
      {},
      { from: '2.0.0-1', to: '1:1.1.0-1', accept: ['epoch-raised', 'downgrade'] },
    );
    expect(accepted.world.settle()).toBe('succeeded');
  });

  it('H-083 says nothing of an epoch that hosts have already', () => {
    expect(planned({}, { from: '1:1.0.0-1', to: '1:1.1.0-1' }).found).toEqual([]);
  });
});

describe('a plan, by the scripts of its package', () => {
  it('H-086 shows that there are scripts, and goes on', () => {
    const { world, findings } = planned(scripts(['post', 'postun']));
    expect(findings).toMatchObject([
      {
        severity: 'info',
        code: 'package-scripts',
        message: expect.stringContaining('%post, %postun'),
      },
    ]);
    expect(world.settle()).toBe('succeeded');
  });

  it('H-086 wants scripts accepted that reach beyond the package', () => {
    const given = scripts(['post'], 'reboot', 'systemctl restart nginx');
    const { world, found, findings } = planned(given);
    expect(found).toEqual(['info package-scripts', 'confirm package-scripts-reach']);
    expect(findings[1]?.message).toContain('reboot, systemctl restart nginx');
    expectNothingDone(world);
    expect(planned(given, { accept: ['package-scripts-reach'] }).world.settle()).toBe('succeeded');
  });
});
