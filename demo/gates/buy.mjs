#!/usr/bin/env node
// A customer's way through the shop in a real browser: the page shows the version, and what is added is in the cart.
import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Builder, By, until } from 'selenium-webdriver';
import { Options, ServiceBuilder } from 'selenium-webdriver/chrome.js';

const { GANTRY_BASE_URL, GANTRY_EVR, GANTRY_SCREENSHOTS, TMPDIR } = process.env;
const { SELENIUM_CHROME, SELENIUM_CHROMEDRIVER } = process.env;
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

const options = new Options()
  .setBinaryPath(SELENIUM_CHROME)
  .addArguments(...FLAGS, `--user-data-dir=${join(TMPDIR, 'profile')}`, '--window-size=600,400');
const driver = await new Builder()
  .forBrowser('chrome')
  .setChromeOptions(options)
  .setChromeService(new ServiceBuilder(SELENIUM_CHROMEDRIVER))
  .build();
try {
  await driver.get(GANTRY_BASE_URL);
  const shown = await driver.findElement(By.id('version')).getText();
  if (shown !== GANTRY_EVR) throw new Error(`expected ${GANTRY_EVR}, the page shows ${shown}`);
  await driver.findElement(By.id('add')).click();
  const cart = await driver.findElement(By.id('cart'));
  await driver.wait(until.elementTextIs(cart, '1'), 2_000).catch(() => undefined);
  const picture = Buffer.from(await driver.takeScreenshot(), 'base64');
  await writeFile(join(GANTRY_SCREENSHOTS, 'cart.png'), picture);
  const count = await cart.getText();
  if (count !== '1') throw new Error(`one thing was added, and the cart shows ${count}`);
  console.log(`version ${shown}, one thing in the cart`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await driver.quit();
}
