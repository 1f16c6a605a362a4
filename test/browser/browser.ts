import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import { openStage, type Stage } from '../stage/stage.ts';

// Makes the package unpack its own shared libraries on a machine that has none.
process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x';

/** How long a page may take: against what hangs, not against a machine that does something else as well. */
export const PATIENCE_MS = 60_000;

const PICTURES = process.env.BUDENG_SCREENSHOTS;
const FONT = '**/assets/font.css';

export async function openBrowser(): Promise<Browser> {
  const { default: packed } = await import('@sparticuz/chromium');
  return chromium.launch({
    executablePath: await packed.executablePath(),
    args: packed.args,
    headless: true,
  });
}

/** What a test in the browser works with. */
export interface Desk {
  browser: Browser;
  stage: Stage;
  page: Page;
}

/**
 * Each test gets an office, a browser and a page of its own, so that none meets what another has left, and fails on
 * any error of the page's scripts. The packed browser runs in one process, which ends with the first page that is
 * closed beside others: that is why tests do not share one.
 */
export function forEachDesk(
  viewport: { width: number; height: number },
  arrange: (desk: Desk) => void | Promise<void>,
): void {
  let browser: Browser;
  let stage: Stage;
  let errors: string[];
  beforeEach(async () => {
    errors = [];
    [stage, browser] = await Promise.all([openStage(), openBrowser()]);
    await arrange({ browser, stage, page: await openPage(browser, viewport, errors) });
  });
  afterEach(async () => {
    await browser.close();
    await stage.close();
    expect(errors).toEqual([]);
  });
}

/**
 * A page that waits patiently; the errors of its scripts are collected in `errors`. It leaves the Chinese font out, but
 * for pictures: that comes in some forty parts, a page is laid out anew for each, and so takes four times as long.
 */
export async function openPage(
  browser: Browser,
  viewport: { width: number; height: number },
  errors: string[] = [],
): Promise<Page> {
  const page = await browser.newPage({ viewport, bypassCSP: true });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => errors.push(String(error)));
  if (!PICTURES) await page.route(FONT, (route) => route.fulfill({ contentType: 'text/css', body: '' }));
  return page;
}

/** For tests that measure how wide a page is: the font is loaded as people load it. */
export async function bringFont(page: Page): Promise<void> {
  await page.unroute(FONT);
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong on the page at WCAG 2.1 AA, a line each. */
export async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const run = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };
    const found = await axe.run(run);
    return found.violations.map(
      (each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
  });
}

/** Saves a picture where BUDENG_SCREENSHOTS names a folder; nothing otherwise. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  // Fonts come in parts as characters need them; not by a quiet network, which a page that listens never has.
  for (const frame of page.frames())
    await frame.evaluate(async () => {
      document.body.getBoundingClientRect();
      await document.fonts.ready;
    });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Counts what comes over the wire, apart from the font: as it is sent, so gzipped where it is. Turns the cache off. */
export async function openedBytes(page: Page) {
  const session = await page.context().newCDPSession(page);
  const kinds = new Map<string, { url: string; bytes: number }>();
  session.on('Network.responseReceived', ({ requestId, response }) => {
    kinds.set(requestId, { url: response.url, bytes: 0 });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const found = kinds.get(requestId);
    if (found) found.bytes = encodedDataLength;
  });
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const counted = () => [...kinds.values()].filter(({ url }) => !/\/assets\/font(?:\/|\.css)/u.test(url));
  return {
    reset: () => kinds.clear(),
    total: () => counted().reduce((sum, { bytes }) => sum + bytes, 0),
    list: () => counted().map(({ url, bytes }) => `${bytes} ${new URL(url).pathname}`),
  };
}
