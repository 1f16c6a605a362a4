import { createTransport } from 'nodemailer';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { NOTICE_KINDS } from '../../sync-service/src/notices/types.ts';
import { COMPLETE, DAY_MS, type Stage } from '../stage/stage.ts';
import { bringFont, forEachDesk, openedBytes, violations } from './browser.ts';

const FIRST_VIEW_BYTES = 200_000;

let stage: Stage;
let page: Page;
const url = (path: string) => `${stage.google.emulator.url}${path}`;

forEachDesk({ width: 1280, height: 900 }, async (desk) => {
  ({ stage, page } = desk);
  await stage.settle();
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

  it('has a question for files as one: their ids are the answer, as Google gives them', async () => {
    const id = stage.service.office.forms.initial?.formId ?? '';
    stage.google.forms.addByHand(id, {
      itemId: 'f11e',
      title: '研習證明',
      questionItem: {
        question: {
          questionId: '0f11e',
          fileUploadQuestion: { folderId: 'x', maxFiles: 2, types: ['PDF', 'IMAGE'] },
        },
      },
    });
    await page.goto(url(`/forms/d/e/${id}/viewform?fill=right&authuser=teacher@example.com`));
    const field = page.getByLabel('研習證明', { exact: true });
    expect(await field.getAttribute('type')).toBe('file');
    expect(await field.getAttribute('accept')).toBe('.pdf,image/*');
    const pdf = (name: string, text = '%PDF-1.4 sample') => ({
      name,
      mimeType: 'application/pdf',
      buffer: Buffer.from(text),
    });
    await field.setInputFiles([pdf('一.pdf'), pdf('二.pdf', ''), pdf('三.pdf')]);
    await page.getByText('最多 2 個檔案，請重選。').waitFor();
    await field.setInputFiles([pdf('一.pdf'), pdf('二.pdf', '')]);
    await page.getByText('檔案須小於 10 MB').waitFor();
    expect(await page.locator('input[name="entry.0f11e"]').count()).toBe(0);
    await field.setInputFiles([pdf('一.pdf'), pdf('二.pdf', '%PDF-1.4 second')]);
    await page.getByText('已上傳 一.pdf、二.pdf。').waitFor();
    const sent = await page
      .locator('input[name="entry.0f11e"]')
      .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
    expect(sent).toHaveLength(2);
    await page.getByRole('button', { name: '送出' }).click();
    await page.getByRole('link', { name: '修改您的回應' }).click();
    await page.getByText('已上傳 2 個檔案，另選會取代。').waitFor();
    const [response] = stage.google.forms.responses(id);
    expect(response?.answers['0f11e']).toEqual(sent);
    const texts = sent.map(async (file) => (await page.request.get(url(`/files/${file}`))).text());
    expect(await Promise.all(texts)).toEqual(['%PDF-1.4 sample', '%PDF-1.4 second']);
    // A tampered page sends more.
    const more = await page.request.post(url(`/forms/d/e/${id}/formResponse?authuser=teacher@example.com`), {
      data: { answers: { '0f11e': [...sent, 'third'] } },
    });
    expect([more.status(), await more.text()]).toEqual([400, expect.stringContaining('最多 2 個檔案')]);
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
  });
});

describe('the mailbox', () => {
  it('shows the pictures of a mail and gives its files', async () => {
    await stage.submit('initial', COMPLETE);
    await stage.settle();
    stage.clock.advance(DAY_MS);
    await stage.settle();
    const found = stage.mails().findLast(({ subject }) => /每日彙整/u.test(subject));
    await page.goto(url(`/mailbox/${found?.id}`));
    const chart = page.frameLocator('iframe.mail').getByRole('img', { name: /^待審件數：/u });
    await chart.waitFor();
    expect(await chart.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(500);
    expect(await violations(page)).toEqual([]);
    const { smtpPort } = stage.google.mailbox;
    await createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true }).sendMail({
      from: 'office@example.invalid',
      to: 'reader@example.invalid',
      subject: '附件兩個',
      text: '請見附件。',
      attachments: [
        { filename: '名冊.ods', content: Buffer.from('PK roster') },
        { filename: '名冊.pdf', content: Buffer.from('%PDF-1.4 roster') },
      ],
    });
    await page.goto(url(`/mailbox/${stage.mailsTo('reader@example.invalid')[0]?.id}`));
    const files = page.locator('a[href*="/files/"]');
    expect(await files.allTextContents()).toEqual(['名冊.ods', '名冊.pdf']);
    const roster = await page.request.get(url((await files.first().getAttribute('href')) ?? ''));
    expect(await roster.text()).toBe('PK roster');
    expect(roster.headers()['content-disposition']).toContain('attachment');
  });

  it('fits a telephone', async () => {
    await bringFont(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(url('/mailbox'));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await violations(page)).toEqual([]);
  });
});

describe('every page', () => {
  it('is seen first with less than 200 KB over the wire, apart from the font', async () => {
    const opened = await openedBytes(page);
    const { spreadsheetId } = stage.documentOf('city-center');
    await stage.submit('initial', { ...COMPLETE, email: 'first-view@example.com' });
    await stage.settle();
    const mail = stage.mailsTo('first-view@example.com')[0];
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
    expect(text).toMatch(/期限至109年\d+月\d+日（.）止（含當日）/u);
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
    expect(found).toEqual([]);
  });
});
