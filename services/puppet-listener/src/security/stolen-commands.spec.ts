import {
  HostFactsCommand,
  HostQueryCommand,
  HostRunCommand,
  type AnyMessage,
} from '@gantry/contracts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base, command, findKey, NOW, run, SELF } from '../../test/signed.js';
import { openJournal } from '../journal/open-journal.js';
import type { Journal } from '../journal/journal.js';
import { checkCommand } from './command-gate.js';
import type { GateAnswer, GateView } from './gate-view.js';
import type { RawCommand } from './verify-command.js';

// A busy machine is no failure; this only ends a spec that hangs.
jest.setTimeout(120_000);

const COMMANDS = 1_000;
const at = (ms: number): Date => new Date(NOW.getTime() + ms);

let folder: string;
let journal: Journal;
const stolen: RawCommand[] = [];

const view = (now: Date, of: Journal, self: GateView['self'] = SELF): GateView => ({
  ...{ self, findKey, ledger: of.ledger, trouble: of.trouble, now },
  policy: { packages: ['shopweb'], noopOnly: false },
});

/** A run command as the dispatcher makes it; the n-th of this host, a tenth of a second after the one before. */
function runCommand(n: number): RawCommand {
  const issued = n * 100;
  return command(HostRunCommand, {
    ...base(`run-${n}`, n),
    ...run,
    ...{ iat: at(issued).toISOString(), exp: at(issued + 60_000).toISOString() },
    wanted: [{ name: 'shopweb', evr: `1.${n}.0-1` }],
  });
}

/** Lets it in as the listener does: into the journal, on the disk, before anything is done. */
function letIn(raw: RawCommand, now: Date): GateAnswer {
  const answer = checkCommand(raw, view(now, journal));
  if (answer.kind !== 'accepted' || answer.command.action !== 'run') return answer;
  const { context, data } = answer.command;
  journal.append({ kind: 'accepted', context, command: data });
  return answer;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gantry-stolen-'));
  journal = openJournal(folder, NOW);
  for (let n = 1; n <= COMMANDS; n += 1) {
    const raw = runCommand(n);
    expect(letIn(raw, at(n * 100)).kind).toBe('accepted');
    expect(letIn(raw, at(n * 100)).kind).toBe('repeat');
    stolen.push(raw);
  }
});
afterAll(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

describe('H-048 a thousand commands that ran, played again', () => {
  /** What came of each; a repeat is told from the journal and never run. */
  const replay = (of: (n: number) => GateView): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const [index, raw] of stolen.entries()) {
      const answer = checkCommand(raw, of(index + 1));
      const what = answer.kind === 'refused' ? answer.code : answer.kind;
      counts[what] = (counts[what] ?? 0) + 1;
    }
    return counts;
  };
  const issued = (n: number): number => n * 100;

  it('at once', () => {
    expect(replay((n) => view(at(issued(n)), journal))).toEqual({ repeat: COMMANDS });
  });

  it('after 30 s', () => {
    expect(replay((n) => view(at(issued(n) + 30_000), journal))).toEqual({ repeat: COMMANDS });
  });

  it('after they have expired', () => {
    expect(replay((n) => view(at(issued(n) + 600_000), journal))).toEqual({ repeat: COMMANDS });
  });

  it('after a newer command, to a host whose journal no longer lists them', () => {
    const old = { ...journal.ledger, runs: new Map() };
    const forgetful = (now: Date): GateView => ({ ...view(now, journal), ledger: old });
    expect(replay((n) => forgetful(at(issued(n))))).toEqual({ 'old-seq': COMMANDS });
  });

  it('on another host, and on the same one made anew', () => {
    const other = { ...SELF, certname: 'web2.lab' };
    const anew = { ...SELF, keyId: 'h-ffffffffffffffff' };
    const fresh = openJournal(mkdtempSync(join(folder, 'fresh-')), NOW);
    expect(replay((n) => view(at(issued(n)), fresh, other))).toEqual({ 'other-host': COMMANDS });
    expect(replay((n) => view(at(issued(n)), fresh, anew))).toEqual({ 'other-key': COMMANDS });
    fresh.close();
  });

  it('after the listener was started again', () => {
    const again = openJournal(folder, at(issued(COMMANDS)));
    const counts = replay((n) => view(at(issued(n)), again));
    expect(counts).toEqual({ repeat: COMMANDS });
    again.close();
  });

  it('after the journal was deleted', () => {
    rmSync(join(folder, 'journal'));
    const lost = openJournal(folder, NOW);
    expect(replay((n) => view(at(issued(n)), lost))).toEqual({ 'needs-resync': COMMANDS });
    lost.close();
  });

  it('with a clock that is ten minutes off, either way, and no memory at all', () => {
    const fresh = openJournal(mkdtempSync(join(folder, 'blank-')), NOW);
    expect(replay((n) => view(at(issued(n) - 600_000), fresh))).toEqual({ 'clock-off': COMMANDS });
    expect(replay((n) => view(at(issued(n) + 600_000), fresh))).toEqual({ expired: COMMANDS });
    fresh.close();
  });
});

describe('H-049 twenty commands, every byte of each changed', () => {
  const twenty: readonly (readonly [AnyMessage, object])[] = Array.from({ length: 20 }, (_, n) => {
    if (n % 3 === 0) return [HostQueryCommand, { ...base(`q-${n}`, n + 1), about: `run-${n}` }];
    if (n % 3 === 1) return [HostFactsCommand, { ...base(`f-${n}`, n + 1), packages: ['shopweb'] }];
    return [HostRunCommand, { ...base(`run-${n}`, n + 1), ...run }];
  });

  it('none is let in, and all are, unchanged', () => {
    const fresh = openJournal(mkdtempSync(join(folder, 'bytes-')), NOW);
    const here = view(NOW, fresh);
    let bytes = 0;
    for (const [definition, data] of twenty) {
      const good = command(definition, data);
      expect(checkCommand(good, here).kind).toBe('accepted');
      for (let n = 0; n < good.body.length; n += 1) {
        const body = Buffer.from(good.body);
        body[n] = (body[n] ?? 0) ^ (1 << (n % 8));
        const answer = checkCommand({ ...good, body }, here);
        if (answer.kind !== 'refused') throw new Error(`byte ${n} of ${definition.type} passed`);
        bytes += 1;
      }
    }
    expect(bytes).toBeGreaterThan(20 * 400);
    fresh.close();
  });
});
