#!/usr/bin/env node
// A suite as a gate runs it: real browser, real page, a picture of what was seen. Exit code 0 = the shop is as it should be.
import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Builder, By, until } from 'selenium-webdriver';
import { Options, ServiceBuilder } from 'selenium-webdriver/chrome.js';

const { GANTRY_BASE_URL, GANTRY_EVR, GANTRY_SCREENSHOTS, TMPDIR } = process.env;
const { SELENIUM_CHROME, SELENIUM_CHROMEDRIVER } = process.env;

const options = new Options()
  .setBinaryPath(SELENIUM_CHROME)
  .addArguments(
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--user-data-dir=${join(TMPDIR, 'profile')}`,
  );
const driver = await new Builder()
  .forBrowser('chrome')
  .setChromeOptions(options)
  .setChromeService(new ServiceBuilder(SELENIUM_CHROMEDRIVER))
  .build();
try {
  await driver.get(GANTRY_BASE_URL);
  await driver.findElement(By.id('add')).click();
  await driver.wait(until.elementTextIs(await driver.findElement(By.id('cart')), '1'), 5_000);
  const shown = await driver.findElement(By.id('version')).getText();
  const picture = Buffer.from(await driver.takeScreenshot(), 'base64');
  await writeFile(join(GANTRY_SCREENSHOTS, 'cart.png'), picture);
  console.log(`the page shows ${shown}`);
  if (process.argv.includes('--hang')) await delay(600_000);
  if (shown !== GANTRY_EVR) throw new Error(`expected ${GANTRY_EVR}, the page shows ${shown}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await driver.quit();
}
