import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DASHBOARD, QUEUE, SETTINGS, TEMPLATES } from '../../contract/tabs.ts';
import { COMPLETE, type Stage } from '../stage/stage.ts';
import { forEachDesk, shoot, violations } from './browser.ts';
import { type GridPage, gridOf, PATIENT } from './grid.ts';

let stage: Stage;
let browser: Browser;
let page: Page;
let grid: GridPage;
const url = (path: string) => `${stage.google.emulator.url}${path}`;

forEachDesk({ width: 1280, height: 800 }, (desk) => {
  ({ browser, stage, page } = desk);
  grid = gridOf(page, stage);
});

/** A case that the city centre reviews. */
async function sendCase(answers: Record<string, string> = {}) {
  await stage.submit('initial', { ...COMPLETE, ...answers });
  await stage.settle();
}
async function approveCase() {
  stage.type('city-center', 'queue', QUEUE, 'TN109-000001', {
    decision: '通過登錄',
    reviewer: '審核者',
    ready: true,
  });
  await stage.afterGrace();
}
async function fillWithSamples() {
  await page.goto(url('/'));
  await page.getByRole('button', { name: '填入示範資料' }).click();
  expect(await page.textContent('main')).toContain('已送出');
  await stage.settle();
}

const formPath = (key: string) => `/forms/d/e/${stage.service.office.forms[key]?.formId}/viewform`;
const fill = async (answers: Record<string, string>) => {
  for (const [title, answer] of Object.entries(answers))
    await page.getByLabel(title, { exact: true }).fill(answer);
};
describe('a teacher', () => {
  it('finds the forms on the start page', async () => {
    await page.goto(url('/'));
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'start');
  });

  it('sees the privacy notice first, sends the form and gets a confirmation with an edit link', async () => {
    await page.goto(url(formPath('initial')));
    expect(await page.textContent('main')).toContain('個人資料蒐集告知');
    expect(await violations(page)).toEqual([]);
    await fill({
      電子郵件地址: 'teacher@example.com',
      姓名: '王小明',
      服務學校: '復興國小',
      取得學年度: '106',
      證書字號: '南市教專字第1060000001號',
    });
    await page.getByLabel('我已閱讀並同意').check();
    await page.evaluate(() => window.scrollTo(0, 0));
    await shoot(page, 'form');
    await page.getByRole('button', { name: '送出' }).click();
    expect(await page.textContent('main')).toContain('已收到您的回應');
    expect(await violations(page)).toEqual([]);
    await stage.settle();
    expect((await stage.caseOf('TN109-000001')).email).toBe('teacher@example.com');
  });

  it('reads what is wrong in the mail, follows its link and corrects the same response', async () => {
    await sendCase({ school: '復興國小', evidence: '' });
    await page.goto(url('/mailbox'));
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: /請補正/u }).click();
    await shoot(page, 'mail');
    expect(await violations(page)).toEqual([]);
    const mail = stage.mailsTo('teacher@example.com')[0];
    const link = /打開原填報並補正：\s*(\S+)/u.exec(mail?.text ?? '')?.[1] ?? '';
    stage.clock.advance(60_000);
    await page.goto(link);
    expect(await page.getByLabel('姓名', { exact: true }).inputValue()).toBe('王小明');
    await fill({ 服務學校: '東區大同國小' });
    await page.getByLabel('證書掃描檔', { exact: true }).fill('https://drive.google.com/open?id=scan');
    await page.getByRole('button', { name: '送出' }).click();
    await stage.settle();
    expect(stage.readTab('city-center', 'queue', QUEUE).rows[0]?.cells).toMatchObject({
      case: 'TN109-000001',
      revision: 2,
    });
  });
});

const queue = () => stage.readTab('city-center', 'queue', QUEUE);

describe('a reviewer', () => {
  it('sees the queue, is refused in a protected cell with the reason', async () => {
    await sendCase();
    await fillWithSamples();
    await grid.open('city-center', 'queue', queue().rows.length);
    await page.getByText('王小明').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'queue');
    const { spreadsheetId, tabIds } = stage.documentOf('city-center');
    const refused = await page.request.post(url(`/pages/sheets/${spreadsheetId}/cells`), {
      data: { gid: tabIds.queue, edits: [{ row: 2, column: 0, value: 'TN109-000009' }] },
    });
    expect(refused.status()).toBe(409);
    expect(await refused.json()).toEqual({
      message: '這個儲存格受保護，不能更改；請在可填寫的欄位填寫。',
    });
  });

  it('types a reason in the grid, undoes it, and sees the service write live', async () => {
    await sendCase();
    await grid.open('city-center', 'queue', 1);
    const { reason, decision } = queue().columns;
    await grid.see(decision);
    await shoot(page, 'decision');
    await grid.type(0, reason, '掃描檔不清楚');
    await expect.poll(() => queue().rows[0]?.cells.reason, PATIENT).toBe('掃描檔不清楚');
    await page.getByRole('button', { name: '復原' }).click();
    await expect.poll(() => queue().rows[0]?.cells.reason, PATIENT).toBe('');
    await approveCase();
    await grid.ready(queue().rows.length);
    expect(queue().rows.map((row) => row.cells.case)).not.toContain('TN109-000001');
    expect(stage.mailsTo('teacher@example.com').at(-1)?.subject).toContain('證書已登錄');
  });
});

describe('the menu 補登作業', () => {
  it("shows the selected case's answers and history beside the grid", async () => {
    await sendCase();
    await grid.open('city-center', 'queue', queue().rows.length);
    await grid.select(0, queue().columns.case);
    await page.getByText('補登作業', { exact: true }).click();
    await page.getByRole('button', { name: '看選取的案件' }).click();
    await page.getByRole('heading', { name: /^TN109-\d+$/u }).waitFor();
    await page.frameLocator('#sidebar iframe').getByText('收件').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'history');
  });
});

describe('the administrator', () => {
  const settings = () => stage.readTab('office', 'settings', SETTINGS);
  const templates = () => stage.readTab('office', 'templates', TEMPLATES);

  it('changes a deadline in the sheet, and is told beside it where the value is wrong', async () => {
    await stage.settle();
    await grid.open('office', 'settings', settings().rows.length);
    const { columns, rows } = settings();
    const row = rows.findIndex((each) => each.cells.key === 'deadlines/correctionDays');
    const cells = () => settings().rows[row]?.cells;
    await grid.type(row, columns.value, '很久');
    await expect.poll(() => cells()?.value, PATIENT).toBe('很久');
    await stage.settle();
    expect(cells()).toMatchObject({ current: '5', problem: expect.stringContaining('不是天數') });
    await grid.cell(row, columns.problem).getByText('不是天數').waitFor();
    await shoot(page, 'settings');
    await grid.type(row, columns.value, '7');
    await expect.poll(() => String(cells()?.value), PATIENT).toBe('7');
    await stage.settle();
    expect(cells()).toMatchObject({ current: '7', problem: '' });
    // The codes are for the service.
    expect(await page.getByText('deadlines/correctionDays').count()).toBe(0);
  });

  it('breaks a template and mends it', async () => {
    await sendCase();
    await grid.open('office', 'templates', templates().rows.length);
    const { columns } = templates();
    const rewrite = async (text: string) => {
      await grid.type(0, columns.subject, text);
      await expect.poll(() => templates().rows[0]?.cells.subject, PATIENT).toBe(text);
      await stage.settle();
    };
    await rewrite('收到 {{nonsense}}');
    expect(templates().rows[0]?.cells.problem).toContain('範本無法使用');
    await grid.see(columns.problem);
    await grid.cell(0, columns.problem).getByText('範本無法使用').waitFor();
    /** What the link in the preview column opens, by a click. */
    const previewed = async () => {
      await grid.see(columns.preview);
      const opening = page.context().waitForEvent('page');
      await grid.cell(0, columns.preview).locator('a').click();
      const opened = await opening;
      await opened.waitForLoadState();
      const text = await opened.textContent('body');
      await opened.close();
      return text;
    };
    expect(await previewed()).toMatch(/主旨：.*已收到您的填報/u);
    await rewrite('收到了（{{caseNumber}}）');
    expect(templates().rows[0]?.cells.problem).toBe('');
    expect(await previewed()).toMatch(/主旨：收到了（TN109-\d+）/u);
    expect(await violations(page)).toEqual([]);
  });

  it('reads the numbers and the charts of them', async () => {
    await sendCase();
    await approveCase();
    await fillWithSamples();
    const { rows } = stage.readTab('office', 'dashboard', DASHBOARD);
    await grid.open('office', 'dashboard', rows.length);
    const chart = page.getByRole('figure', { name: '各單位待審件數' });
    const waiting = rows.find((row) => row.cells.item === '待審：市教專中心')?.cells;
    await chart
      .getByRole('listitem')
      .filter({ hasText: '待審：市教專中心' })
      .getByText(`件數 ${waiting?.count}`)
      .waitFor();
    await page.getByRole('figure', { name: '各狀態案件數' }).getByText('已登錄').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'dashboard');
  });
});

describe('the tracking page', () => {
  it('tells where the case stands, masked, on a phone, without script', async () => {
    await sendCase();
    await approveCase();
    const mail = stage.mailsTo('teacher@example.com').at(-1);
    const link = /\S+\/t\/\S+/u.exec(mail?.text ?? '')?.[0] ?? '';
    const small = await browser.newPage({
      javaScriptEnabled: false,
      viewport: { width: 360, height: 740 },
      bypassCSP: true,
    });
    // The picture's machine has no Chinese font; a phone has. From the page's own origin, as fonts must be.
    await small.route('**/assets/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: url(pathname) }) });
    });
    await small.route('**/style.css', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `@import url(/assets/font.css);${await response.text()}` });
    });
    await small.goto(link);
    const text = await small.textContent('main');
    expect(text).toContain('王○○');
    expect(text).toContain('已登錄');
    expect(text).not.toContain('王小明');
    await shoot(small, 'tracking');
    await page.goto(link);
    expect(await violations(page)).toEqual([]);
  });

  it('withdraws by a confirmed post only', async () => {
    await stage.submit('initial', {
      email: 'other@example.com',
      name: '李大同',
      school: '114601',
      'school-year': '106',
      'certificate-number': '南市教專字第1060000002號',
      evidence: 'https://drive.google.com/open?id=x',
      consent: '我已閱讀並同意',
    });
    await stage.settle();
    const link = /\S+\/t\/\S+/u.exec(stage.mailsTo('other@example.com')[0]?.text ?? '')?.[0] ?? '';
    await page.goto(link);
    expect(await violations(page)).toEqual([]);
    const bare = await page.request.post(`${link}/withdraw`, { form: {} });
    expect(bare.status()).toBe(409);
    await page.getByLabel(/我確定要撤回/u).check();
    await page.getByRole('button', { name: '撤回' }).click();
    expect(await page.textContent('main')).toContain('已撤回');
    await stage.settle();
    expect(stage.mailsTo('other@example.com').at(-1)?.subject).toContain('已依您的要求撤回');
  });
});
