import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BatchKey, BATCHES, QUEUE } from '../../contract/tabs.ts';
import { NOTICE_KINDS } from '../../sync-service/src/notices/types.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';
import { openBrowser, openedBytes, shoot, violations } from './browser.ts';
import { type GridPage, gridOf, PATIENT } from './grid.ts';

const FIRST_VIEW_BYTES = 200_000;

let stage: Stage;
let browser: Browser;
let page: Page;
let grid: GridPage;
const errors: string[] = [];
const url = (path: string) => `${stage.google.emulator.url}${path}`;

beforeAll(async () => {
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  await stage.settle();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
  page.setDefaultTimeout(20_000);
  grid = gridOf(page, stage);
  page.on('pageerror', (error) => errors.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
  expect(errors).toEqual([]);
});

const nextStep = () => page.getByRole('link', { name: /^做完了，下一步/u }).click();

describe('the tour', () => {
  const choose = async (role: string, decision: string) => {
    const queue = () => stage.readTab(role, 'queue', QUEUE);
    const { columns } = queue();
    await grid.ready(1);
    await grid.choose(0, columns.decision, decision);
    await expect.poll(() => queue().rows[0]?.cells.decision, PATIENT).toBe(decision);
    await grid.tick(0, columns.ready);
    await expect.poll(() => queue().rows[0]?.cells.ready, PATIENT).toBe(true);
    await stage.afterGrace();
    await grid.ready(0);
  };

  it('goes from the start page to the final mail, by what the pages offer', async () => {
    await page.goto(url('/'));
    await page.getByRole('button', { name: '當一次教師' }).click();
    await page.getByRole('heading', { name: /導覽 1／7/u }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'tour');
    await page.getByRole('button', { name: '送出' }).click();
    await page.getByText('已收到您的回應').waitFor();
    await nextStep();
    await stage.settle();
    // The mail comes in while the page is open.
    await page.getByRole('link', { name: /請於.*前補正/u }).click();
    await page.frameLocator('iframe.mail').getByRole('link', { name: '打開原填報並補正' }).click();
    await page.getByRole('link', { name: '填入正確的示範資料' }).click();
    expect(await page.getByLabel('取得學年度', { exact: true }).inputValue()).toBe('104');
    stage.clock.advance(60_000);
    await page.getByRole('button', { name: '送出' }).click();
    await page.getByText('已收到您的回應').waitFor();
    await stage.settle();
    await nextStep();
    await choose('city-center', '審核通過，列入函報');
    await nextStep();
    const batches = () => stage.readTab('city-center', 'batches', BATCHES);
    const batch = (key: BatchKey) => batches().rows[0]?.cells[key];
    const { columns } = batches();
    await grid.ready(batches().rows.length);
    await grid.choose(0, columns.scope, '全部待函報');
    await expect.poll(() => batch('scope'), PATIENT).toBe('全部待函報');
    await grid.tick(0, columns.roster);
    await expect.poll(() => batch('roster'), PATIENT).toBe(true);
    await stage.afterGrace();
    await grid.cell(0, columns.result).getByText('名冊共 1 件').waitFor();
    for (const [key, text] of [
      ['letterNumber', '南市教專字第1090000001號'],
      ['letterDate', '109-05-11'],
    ] as const) {
      await grid.type(0, columns[key], text);
      await expect.poll(() => batch(key), PATIENT).toBe(text);
    }
    await grid.tick(0, columns.send);
    await expect.poll(() => batch('send'), PATIENT).toBe(true);
    await stage.afterGrace();
    await grid.see(columns.result);
    await grid.cell(0, columns.result).getByText('已發文，1 件').waitFor();
    await nextStep();
    await choose('platform', '通過登錄');
    await nextStep();
    await page
      .getByRole('link', { name: /已登錄/u })
      .first()
      .click();
    await page.frameLocator('iframe.mail').getByText('TN109-000001').first().waitFor();
    await nextStep();
    await page.getByText('導覽到此結束').waitFor();
    await page.getByRole('link', { name: '結束導覽' }).click();
    expect(await page.getByRole('complementary', { name: '導覽' }).count()).toBe(0);
  });

  it.each([
    ['當一次審核者', '待審'],
    ['當一次承辦人', '函報批次'],
  ])('begins at "%s" with sample data', async (label, tab) => {
    const before = stage.readTab('city-center', 'queue', QUEUE).rows.length;
    await page.goto(url('/'));
    await page.getByRole('button', { name: label }).click();
    await page.getByRole('navigation', { name: '工作表' }).locator(`[aria-current]`).getByText(tab).waitFor();
    await stage.settle();
    await expect
      .poll(() => stage.readTab('city-center', 'queue', QUEUE).rows.length, PATIENT)
      .toBe(before + 1);
    if (tab !== '函報批次') return;
    await expect
      .poll(() => stage.readTab('city-center', 'queue', QUEUE).rows.some((row) => row.cells.ready === true), {
        timeout: 10_000,
      })
      .toBe(true);
    await page.goto(url('/tour/end'));
  });
});

describe('the form', () => {
  it('takes a file for evidence', async () => {
    const id = stage.service.office.forms['advanced-mentor-105-earlier']?.formId;
    await page.goto(url(`/forms/d/e/${id}/viewform?fill=problems`));
    await page.locator('input[type=file]').setInputFiles({
      name: '證書.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4 sample'),
    });
    const link = page.getByLabel('證書掃描檔', { exact: true });
    await page.waitForFunction(() =>
      [...document.querySelectorAll('input')].some((input) => input.value.includes('/files/')),
    );
    const file = await page.request.get(await link.inputValue());
    expect(file.headers()['content-disposition']).toContain('attachment');
    expect(await file.text()).toBe('%PDF-1.4 sample');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '空.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) });
    await page.getByText('檔案須小於 10 MB').waitFor();
    expect(await link.inputValue()).toContain('/files/');
  });

  it('names every problem at once, goes to the first by itself, and keeps what was filled in', async () => {
    const id = stage.service.office.forms['advanced-mentor-105-earlier']?.formId;
    await page.goto(url(`/forms/d/e/${id}/viewform?fill=right`));
    expect(await page.getByLabel('姓名', { exact: true }).getAttribute('autocomplete')).toBe('name');
    await page.getByText('（選填）').first().waitFor();
    await page.getByText('【聯絡窗口】').waitFor();
    // Choices that the form does not offer, as a tampered page would send them.
    await page.evaluate(() => {
      for (const input of document.querySelectorAll<HTMLInputElement>('input[type=radio]:checked'))
        input.value = '選單裡沒有的';
    });
    await page.getByRole('button', { name: '送出' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('有 2 個地方要修正').waitFor();
    expect(await page.title()).toMatch(/^尚未送出/u);
    expect(await alert.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await alert.getByRole('link').allTextContents()).toEqual([
      '「證書類別」請由選項中挑選。',
      '「作業平臺顯示情形」請由選項中挑選。',
    ]);
    expect(await page.getByLabel('姓名', { exact: true }).inputValue()).toBe('周導覽');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    await page.getByLabel('進階').check();
    await page.getByLabel('未顯示證書').check();
    await page.getByRole('button', { name: '送出' }).click();
    await page.getByText('案號與檢查結果會在幾分鐘內寄到').waitFor();
    await page.getByRole('link', { name: '修改您的回應' }).click();
    expect(await page.getByLabel('進階').isChecked()).toBe(true);
    await stage.settle();
  });
});

describe('the mailbox', () => {
  const openMail = async (subject: RegExp) => {
    const found = stage.mails().findLast((mail) => subject.test(mail.subject));
    await page.goto(url(`/mailbox/${found?.id}`));
  };

  it('shows the pictures of a mail and gives its files', async () => {
    await openMail(/每日彙整/u);
    const chart = page.frameLocator('iframe.mail').getByRole('img', { name: /^待審件數：/u });
    await chart.waitFor();
    expect(await chart.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(500);
    await openMail(/函報名冊已製作/u);
    const files = page.locator('a[href*="/files/"]');
    expect(await files.allTextContents()).toEqual([
      expect.stringMatching(/\.ods$/u),
      expect.stringMatching(/\.pdf$/u),
      expect.stringMatching(/\.xlsx$/u),
    ]);
    const roster = await page.request.get(url((await files.first().getAttribute('href')) ?? ''));
    // An .ods is a zip.
    expect((await roster.body()).subarray(0, 2).toString()).toBe('PK');
    expect(await violations(page)).toEqual([]);
  });

  it('fits a telephone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(url('/mailbox'));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
  });
});

describe('every page', () => {
  it('is seen first with less than 200 KB over the wire, apart from the font', async () => {
    const opened = await openedBytes(page);
    const { spreadsheetId } = stage.documentOf('city-center');
    const mail = stage.mailsTo('tour@example.invalid')[0];
    const tracking = /\S+\/t\/\S+/u.exec(mail?.text ?? '')?.[0] ?? '';
    const form = stage.service.office.forms.initial?.formId;
    const sizes: Record<string, number> = {};
    for (const path of [
      '/',
      `/forms/d/e/${form}/viewform`,
      `/spreadsheets/d/${spreadsheetId}/edit`,
      '/mailbox',
      `/mailbox/${mail?.id}`,
      tracking,
    ]) {
      opened.reset();
      await page.goto(path.startsWith('http') ? path : url(path));
      await page.evaluate(() => document.fonts.ready);
      if (path.includes('spreadsheets')) await page.locator('revogr-data .rgCell').first().waitFor();
      sizes[path] = opened.total();
    }
    console.log(JSON.stringify(Object.values(sizes)));
    for (const [path, bytes] of Object.entries(sizes)) expect(bytes, path).toBeLessThan(FIRST_VIEW_BYTES);
    expect(Math.min(...Object.values(sizes))).toBeGreaterThan(500);
  });
});

describe('the tracking page', () => {
  const small = { width: 360, height: 740 };
  const focusText = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

  it('is used by keyboard alone on a narrow screen: withdraws only where confirmed', async () => {
    await stage.submit('initial', { ...COMPLETE, email: 'keys@example.com', school: '霍格華茲國小' });
    await stage.settle();
    const mailText = stage.mailsTo('keys@example.com')[0]?.text ?? '';
    const link = /\S+\/t\/\S+/u.exec(mailText)?.[0] ?? '';
    const number = /TN109-\d+/u.exec(mailText)?.[0] ?? '';
    await page.setViewportSize(small);
    await page.goto(link);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(small.width);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.getByRole('main').count()).toBe(1);
    const text = (await page.textContent('main')) ?? '';
    expect(text).toContain('需要補正');
    expect(text).toMatch(/請於 109年\d+月\d+日/u);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Tab');
    expect(await focusText()).toBe('打開原填報並補正');
    expect(await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle)).toBe(
      'solid',
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    // The box is required: nothing is sent without it.
    expect((await stage.caseOf(number)).state).toBe('needs-correction');
    await page.goto(link);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('已依您的要求撤回').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('is accessible where it refuses: unknown link, and too many guesses', async () => {
    const base = stage.service.web.url;
    const missing = await page.goto(`${base}/t/${'x'.repeat(43)}`);
    expect(missing?.status()).toBe(404);
    expect(await violations(page)).toEqual([]);
    for (let i = 0; i < 10; i += 1) await page.request.get(`${base}/t/${'y'.repeat(43)}`);
    const limited = await page.goto(`${base}/t/${'z'.repeat(43)}`);
    expect(limited?.status()).toBe(429);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
  });
});

describe('the mails', () => {
  it.each([
    'light',
    'dark',
  ] as const)('have no axe violation in %s mode, nor without images', async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme });
    const found: string[] = [];
    for (const kind of NOTICE_KINDS) {
      await page.goto(`${stage.service.web.url}/preview/${kind}`);
      found.push(...(await violations(page)).map((each) => `${kind} ${each}`));
    }
    await page.goto(`${stage.service.web.url}/preview/daily-digest`);
    const chart = await page.locator('img').getAttribute('alt');
    expect(chart).toMatch(/平臺\s?8.*市教專中心\s?21/u);
    await page.locator('img').evaluate((image) => image.remove());
    expect(await page.textContent('body')).toContain('21');
    await page.emulateMedia({ colorScheme: null });
    expect(found).toEqual([]);
  });
});
