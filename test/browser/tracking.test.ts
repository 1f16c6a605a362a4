import { query } from '../../sync-service/src/ledger/query.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type State, STATES } from '../../sync-service/src/cases/lifecycle.ts';
import { tokenHash, trackingToken } from '../../sync-service/src/ledger/tracking-tokens.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';
import { openBrowser, openPage, violations } from './browser.ts';

const NUMBER = 'TN109-000001';
let stage: Stage;
let browser: Browser;
let page: Page;
let link: string;

beforeAll(async () => {
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  await stage.submit('initial', { ...COMPLETE, school: '霍格華茲國小' });
  await stage.settle();
  link = /\S+\/t\/\S+/u.exec(stage.mailsTo('teacher@example.com')[0]?.text ?? '')?.[0] ?? '';
  page = await openPage(browser, { width: 360, height: 740 });
  page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

describe('the tracking page', () => {
  it.each(
    Object.keys(STATES) as State[],
  )('says in plain words what %s means and what comes next, without axe violation in light and dark', async (state) => {
    const open = state === 'needs-correction' || state === 'in-review' || state === 'dispatched';
    await query(stage.service.store.db)
      .updateTable('cases')
      .set({
        state,
        queue: 'city-center',
        due_at: open ? new Date('2020-04-26T01:00:00Z') : null,
        letter_number: state === 'dispatched' ? '南市教專字第1090000001號' : '',
        letter_date: state === 'dispatched' ? '2020-05-11' : '',
        duplicate_of: state === 'duplicate' ? 'TN109-000009' : null,
      })
      .where('number', '=', NUMBER)
      .execute();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(link);
      expect(await violations(page)).toEqual([]);
    }
    const text = (await page.textContent('main')) ?? '';
    expect(text).toContain(STATES[state]);
    expect(text).not.toContain(COMPLETE.name);
    expect(text).not.toContain(COMPLETE.email);
    expect(text).not.toContain(COMPLETE['certificate-number']);
    // What comes next: never left open, also where nothing does.
    expect(await page.textContent('#next')).toMatch(/109年4月26日|彙整發文|不必做任何事|聯絡窗口|重新填報/u);
    expect(await page.locator('ol li').count()).toBeGreaterThan(0);
    expect(await page.locator('form').count()).toBe(
      ['needs-correction', 'in-review', 'awaiting-dispatch'].includes(state) ? 1 : 0,
    );
    const edit = await page.getByRole('link', { name: '打開原填報並補正' }).count();
    expect(edit).toBe(state === 'needs-correction' ? 1 : 0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await page.locator('script:not([src*=axe])').count()).toBeLessThanOrEqual(1);
  });

  it('is opened by 256 bits that the ledger holds as a hash only', async () => {
    const token = link.split('/t/')[1] ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const rows = await query(stage.service.store.db).selectFrom('tokens').selectAll().execute();
    expect(rows.map((row) => row.hash)).toContain(tokenHash(token));
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(trackingToken('another secret', NUMBER)).not.toBe(token);
  });

  it('is neither kept nor indexed nor sent on, and changes nothing by being opened', async () => {
    await query(stage.service.store.db)
      .updateTable('cases')
      .set({ state: 'in-review' })
      .where('number', '=', NUMBER)
      .execute();
    const got = await fetch(link);
    expect(got.headers.get('cache-control')).toBe('no-store');
    expect(got.headers.get('x-robots-tag')).toContain('noindex');
    expect(got.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await fetch(`${link}/withdraw?confirm=yes`)).status).toBe(404);
    expect((await stage.caseOf(NUMBER)).state).toBe('in-review');
  });

  it('is limited by the minute, and opens again in the next', async () => {
    stage.clock.advance(60_000);
    const statuses: number[] = [];
    for (let i = 0; i < 61; i += 1) statuses.push((await fetch(link)).status);
    expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    stage.clock.advance(60_000);
    expect((await fetch(link)).status).toBe(200);
  });
});
