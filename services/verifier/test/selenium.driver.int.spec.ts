import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cookieOf, processesOf } from '../src/drivers/command/process-tree.js';
import { SeleniumDriver } from '../src/drivers/selenium/selenium.driver.js';
import { CommandsFolder, homeOf, script } from './command-bench.js';
import { contextOf, localHttp, runDriver } from './driver-bench.js';
import { TracedServer } from './traced-server.js';

const LIMIT = 90_000;
const page = (evr: string): string => `<!doctype html>
<h1>Shop <span id="version">${evr}</span></h1>
<button id="add" onclick="cart.textContent = Number(cart.textContent) + 1">Add</button>
<output id="cart">0</output>`;

describe('a selenium gate', () => {
  let evidence: string;
  let shop: TracedServer;
  let evr: string;

  beforeEach(async () => {
    evr = '1.2.0-1';
    evidence = await mkdtemp(join(tmpdir(), 'gantry-evidence-'));
    const headers = { 'Content-Type': 'text/html; charset=utf-8' };
    shop = await TracedServer.start(() => ({ headers, body: page(evr) }));
  });
  afterEach(async () => {
    await shop.stop();
    await rm(evidence, { recursive: true });
  });

  const run = (
    suite: readonly string[],
    more: { commands?: string; deadlineMs?: number; baseUrl?: string } = {},
    context = contextOf(),
  ) => {
    const {
      commands = fileURLToPath(new URL('commands', import.meta.url)),
      deadlineMs = 60_000,
      baseUrl = `${shop.url}/`,
    } = more;
    const browser = { chrome: '/usr/bin/chromium', chromedriver: '/usr/bin/chromedriver' };
    const driver = new SeleniumDriver({ commands, evidence, ...browser }, localHttp());
    return runDriver(driver, { kind: 'selenium', suite, baseUrl, deadlineMs }, { context });
  };

  it(
    'passes when a suite passes in a real browser, with a picture of what was seen',
    async () => {
      const context = contextOf();
      const outcome = await run(['browser-suite.mjs'], {}, context);
      expect(outcome).toMatchObject({ verdict: 'pass', evidence: { exitCode: 0 } });
      expect(outcome.evidence.excerpt).toContain('the page shows 1.2.0-1');
      const [picture] = outcome.evidence.screenshots ?? [];
      expect(picture).toMatchObject({ name: 'cart.png', path: `${context.gateRunId}/cart.png` });
      const bytes = await readFile(join(evidence, picture!.path));
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(picture!.sha256);
      expect(shop.asked.length).toBeGreaterThan(0);
    },
    LIMIT,
  );

  it(
    'fails when the browser shows another version, and keeps the picture',
    async () => {
      evr = '1.1.0-1';
      const outcome = await run(['browser-suite.mjs']);
      expect(outcome).toMatchObject({ verdict: 'fail', evidence: { exitCode: 1 } });
      expect(outcome.evidence.excerpt).toContain('expected 1.2.0-1, the page shows 1.1.0-1');
      expect(outcome.evidence.screenshots).toHaveLength(1);
    },
    LIMIT,
  );

  it(
    'that hangs is ended with its browser',
    async () => {
      const context = contextOf();
      const cookie = cookieOf(evidence, context.gateRunId);
      const ended = run(['browser-suite.mjs', '--hang'], { deadlineMs: 15_000 }, context);
      const home = await homeOf(cookie);
      const outcome = await ended;
      expect(outcome).toMatchObject({ verdict: 'inconclusive' });
      expect(outcome.evidence.screenshots).toHaveLength(1);
      expect(await processesOf(cookie)).toEqual([]);
      expect(existsSync(home)).toBe(false);
      expect(await commandLinesWith(`--user-data-dir=${home}`)).toEqual([]);
    },
    LIMIT,
  );

  it('keeps pictures only: no links, no other files, no foreign names', async () => {
    const commands = await CommandsFolder.make({
      suite: script(
        [
          'cd "$GANTRY_SCREENSHOTS"',
          'echo fine > ok.png',
          'ln -s /etc/passwd leak.png',
          'echo x > page.html',
          'mkdir folder.png',
          'echo x > ".hidden.png"',
          'echo "$SELENIUM_CHROME $SELENIUM_CHROMEDRIVER $GANTRY_EVR $GANTRY_BASE_URL"',
        ].join('\n'),
      ),
    });
    const context = contextOf();
    const { verdict, evidence: seen } = await run(['suite'], { commands: commands.path }, context);
    await commands.remove();
    expect(verdict).toBe('pass');
    expect(seen.excerpt).toBe(`/usr/bin/chromium /usr/bin/chromedriver 1.2.0-1 ${shop.url}/\n`);
    expect(seen.screenshots?.map(({ name }) => name)).toEqual(['ok.png']);
    expect(await readdir(join(evidence, context.gateRunId))).toEqual(['ok.png']);
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  it('is not started against what gates may not ask', async () => {
    expect(await run(['browser-suite.mjs'], { baseUrl: 'http://10.0.0.1/' })).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('GANTRY_GATE_ALLOW'),
    });
    expect(shop.connections).toBe(0);
  });
});

async function commandLinesWith(text: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text) && !line.includes('jest'));
}
