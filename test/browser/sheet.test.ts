import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BATCHES, DISPATCH, QUEUE, type QueueKey } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../sync/stage.ts';
import { openBrowser, shoot, violations } from './browser.ts';

let stage: Stage;
let browser: Browser;
let page: Page;
const errors: string[] = [];
const NAMES = ['王小明', '李大同', '陳教輔'];

beforeAll(async () => {
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  for (const [i, name] of NAMES.entries())
    await stage.submit('advanced-mentor-105-earlier', {
      ...COMPLETE,
      name,
      email: `teacher${i}@example.com`,
      'school-year': '104',
      'certificate-number': `臺教師(三)字第104000000${9 - i}號`,
    });
  await stage.settle();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => errors.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
  expect(errors).toEqual([]);
});

const open = async (role: string, key: string, count: number) => {
  const { spreadsheetId, tabIds } = stage.documentOf(role);
  await page.goto(`${stage.google.emulator.url}/spreadsheets/d/${spreadsheetId}/edit?gid=${tabIds[key]}`);
  await page.waitForFunction((n) => document.documentElement.dataset.rows === String(n), count);
  await page.evaluate(() => document.fonts.ready);
};
const queue = () => stage.readTab('city-center', 'queue', QUEUE);
const column = (key: QueueKey) => queue().columns[key];
const cell = (row: number, index: number) =>
  page
    .locator(
      index === 0
        ? `revogr-viewport-scroll.colPinStart revogr-data .rgCell[data-rgcol="0"][data-rgrow="${row}"]`
        : `revogr-viewport-scroll.rgCol revogr-data .rgCell[data-rgcol="${index - 1}"][data-rgrow="${row}"]`,
    )
    .first();
const scrollRight = async () => {
  await cell(0, 0).hover();
  await page.mouse.move(700, 320);
  await page.mouse.wheel(6000, 0);
};
const message = () => page.locator('#message');
/** What Ctrl-V does, with the block on the clipboard. */
const paste = async (text: string) => {
  await page.locator('revogr-clipboard').waitFor({ state: 'attached' });
  await page.evaluate(async (block) => {
    const clipboard = document.querySelector('revogr-clipboard') as HTMLElement & {
      componentOnReady?(): Promise<void>;
    };
    await clipboard.componentOnReady?.();
    const data = new DataTransfer();
    data.setData('text/plain', block);
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
  }, text);
};
/** Row and column of the cell that the keyboard works on. */
const focused = () =>
  page.evaluate(async () => {
    const grid = document.querySelector('revo-grid') as unknown as {
      getFocused(): Promise<{ cell: { y: number }; column?: { prop: string } } | null>;
    };
    const found = await grid.getFocused();
    return [found?.cell.y, Number(found?.column?.prop.slice(1))];
  });
const waitForFocus = (row: number, index: number) =>
  expect.poll(focused, { timeout: 10_000 }).toEqual([row, index]);
/** Types into a cell and waits until the grid has gone on to the row below, as it does a moment after Enter. */
const typeInto = async (row: number, index: number, text: string) => {
  await cell(row, index).click();
  await waitForFocus(row, index);
  await page.keyboard.press('Enter');
  await page.locator('revogr-edit input:focus').waitFor();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await waitForFocus(row + 1, index);
};
const values = (key: QueueKey) => queue().rows.map((row) => row.cells[key]);

describe('the queue page', () => {
  beforeEach(() => open('city-center', 'queue', queue().rows.length));

  it('pastes a block into the writable columns and takes it back as one', async () => {
    await scrollRight();
    await cell(0, column('reason')).click();
    await paste('缺掃描檔\t甲員\n"含\t跳格"\t乙員\n');
    await message().getByText('已儲存').waitFor();
    expect(values('reason')).toEqual(['缺掃描檔', '含\t跳格', '']);
    expect(values('reviewer')).toEqual(['甲員', '乙員', '']);
    await cell(1, column('reviewer')).getByText('乙員').waitFor();
    await shoot(page, 'paste');
    await page.getByRole('button', { name: '復原' }).click();
    await expect.poll(() => values('reason'), { timeout: 10_000 }).toEqual(['', '', '']);
    expect(values('reviewer')).toEqual(['', '', '']);
  });

  it('refuses a block that reaches into a protected column, says which, and takes nothing of it', async () => {
    await scrollRight();
    await cell(0, column('result')).click();
    await paste('已決定\t通過登錄\n已決定\t通過登錄');
    await message().getByText('「上次決定結果」').waitFor();
    expect(await message().textContent()).toContain('整塊都沒有貼上');
    expect(values('result')).toEqual(['', '', '']);
    expect(values('decision')).toEqual(['', '', '']);
    await cell(0, column('decision')).click();
    await paste('通過登錄\t好\n隨便\t好');
    await message().getByText('不在可選的範圍內').waitFor();
    expect(values('decision')).toEqual(['', '', '']);
    expect(values('reason')).toEqual(['', '', '']);
    await cell(2, column('reason')).click();
    await paste('一\n二');
    await message().getByText('超出表格').waitFor();
    expect(values('reason')).toEqual(['', '', '']);
  });

  it('says why a protected cell cannot be typed into', async () => {
    await cell(0, 0).dblclick();
    await message().getByText('「案號」由系統維護').waitFor();
    expect(await page.locator('revogr-edit').count()).toBe(0);
  });

  it('sorts the rows of the sheet itself, as Sheets does; undo still finds its row', async () => {
    await scrollRight();
    await cell(0, column('note')).click();
    await paste('第一列的備註');
    await message().getByText('已儲存').waitFor();
    const first = String(values('case')[0]);
    await cell(0, column('note')).click();
    await page.mouse.move(700, 320);
    await page.mouse.wheel(-6000, 0);
    await cell(0, column('certificateNumber')).click();
    await page.getByRole('button', { name: '依選取欄遞增排序' }).click();
    await expect.poll(() => values('name'), { timeout: 10_000 }).toEqual(NAMES.toReversed());
    await page.getByRole('button', { name: '復原' }).click();
    await expect.poll(() => values('note'), { timeout: 10_000 }).toEqual(['', '', '']);
    expect(values('case').at(-1)).toBe(first);
  });

  it('writes to the row that is seen while a filter hides others', async () => {
    const index = column('name');
    const header = page
      .locator(`revogr-viewport-scroll.rgCol revogr-header [data-rgcol="${index - 1}"]`)
      .first();
    await header.getByRole('button', { name: '篩選這一欄' }).click();
    const panel = page.locator('revogr-filter-panel');
    await panel.locator('select').first().selectOption('contains');
    await panel.locator('input[type=text], input:not([type])').first().fill('王小明');
    await page.waitForFunction(
      () => document.querySelectorAll('revogr-viewport-scroll.colPinStart revogr-data .rgCell').length === 1,
    );
    await page.keyboard.press('Escape');
    await scrollRight();
    await cell(0, column('note')).click();
    await paste('只給王小明');
    await message().getByText('已儲存').waitFor();
    const row = queue().rows.find((each) => each.cells.note === '只給王小明');
    expect(row?.cells.name).toBe('王小明');
    expect(values('note').filter((note) => note !== '')).toHaveLength(1);
  });

  it('is decided by keyboard alone: drop-down by Enter and arrows, check box by Space', async () => {
    const row = queue().rows.findIndex((each) => each.cells.name === '李大同');
    await scrollRight();
    await cell(row, column('decision')).click();
    await page.keyboard.press('Enter');
    const select = page.locator('revogr-edit select:focus');
    await select.waitFor();
    const at = await select.locator('option').allTextContents();
    for (let i = 0; i < at.indexOf('退回補件'); i += 1) await page.keyboard.press('ArrowDown');
    expect(await select.inputValue()).toBe('退回補件');
    await page.keyboard.press('Enter');
    await expect.poll(() => queue().rows[row]?.cells.decision, { timeout: 10_000 }).toBe('退回補件');
    await typeInto(row, column('reason'), '掃描檔不清楚');
    await expect.poll(() => queue().rows[row]?.cells.reason, { timeout: 10_000 }).toBe('掃描檔不清楚');
    await cell(row, column('note')).click();
    await waitForFocus(row, column('note'));
    await page.keyboard.press('ArrowRight');
    await waitForFocus(row, column('ready'));
    await page.keyboard.press(' ');
    await expect.poll(() => queue().rows[row]?.cells.ready, { timeout: 10_000 }).toBe(true);
    await stage.afterGrace();
    expect(stage.mailsTo('teacher1@example.com').at(-1)?.text).toContain('掃描檔不清楚');
  });
});

describe('the administrator', () => {
  const batch = () => stage.readTab('city-center', 'batches', BATCHES);

  it('dispatches a batch: makes the roster, fills in the letter, and the teachers hear of it', async () => {
    for (const row of queue().rows)
      stage.type('city-center', 'queue', QUEUE, String(row.cells.case), {
        decision: '審核通過，列入函報',
        ready: true,
      });
    await stage.afterGrace();
    expect(stage.readTab('city-center', 'dispatch', DISPATCH).rows).toHaveLength(2);
    await open('city-center', 'batches', batch().rows.length);
    const { columns } = batch();
    await cell(0, columns.scope).dblclick();
    await page.locator('revogr-edit select').selectOption('全部待函報');
    await expect.poll(() => batch().rows[0]?.cells.scope, { timeout: 10_000 }).toBe('全部待函報');
    await page.getByLabel('製作名冊（第 3 列）').check();
    await expect.poll(() => batch().rows[0]?.cells.roster, { timeout: 10_000 }).toBe(true);
    await stage.afterGrace();
    await cell(0, columns.result).getByText('名冊共 2 件').waitFor();
    expect(stage.mailsTo('admin@office.example').at(-1)?.source).toContain('.ods');
    await typeInto(0, columns.letterNumber, '南市教專字第1090000001號');
    await typeInto(0, columns.letterDate, '109-05-11');
    await expect.poll(() => batch().rows[0]?.cells.letterDate, { timeout: 10_000 }).toBe('109-05-11');
    await page.getByLabel('已發文（第 3 列）').check();
    await expect.poll(() => batch().rows[0]?.cells.send, { timeout: 10_000 }).toBe(true);
    await stage.afterGrace();
    await cell(0, columns.result).getByText('已發文，2 件').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'dispatch');
    for (const i of [0, 2])
      expect(stage.mailsTo(`teacher${i}@example.com`).at(-1)?.text).toContain('南市教專字第1090000001號');
  });
});
