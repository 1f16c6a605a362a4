import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BatchKey, BATCHES, CASES, DISPATCH, QUEUE, type QueueKey } from '../../contract/tabs.ts';
import { COMPLETE, type Stage } from '../stage/stage.ts';
import { OFFICE_ACCOUNT, REVIEWER_ACCOUNT } from '../../sync-service/src/cli/trial/people.ts';
import { forEachDesk, shoot, violations } from './browser.ts';
import { type GridPage, gridOf, PATIENT } from './grid.ts';

let stage: Stage;
let page: Page;
let grid: GridPage;
const NAMES = ['王小明', '李大同', '陳教輔'];

forEachDesk({ width: 1280, height: 800 }, async (desk) => {
  ({ stage, page } = desk);
  for (const [i, name] of NAMES.entries())
    await stage.submit('advanced-mentor-105-earlier', {
      ...COMPLETE,
      name,
      email: `teacher${i}@example.com`,
      'school-year': '104',
      'certificate-number': `臺教師(三)字第104000000${9 - i}號`,
    });
  await stage.settle();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  grid = gridOf(page, stage);
});

const queue = () => stage.readTab('city-center', 'queue', QUEUE);
const column = (key: QueueKey) => queue().columns[key];
const values = (key: QueueKey) => queue().rows.map((row) => row.cells[key]);
const holds = (key: QueueKey, wanted: unknown[]) => expect.poll(() => values(key), PATIENT).toEqual(wanted);

describe('the queue page', () => {
  beforeEach(() => grid.open('city-center', 'queue', queue().rows.length, REVIEWER_ACCOUNT));

  it('pastes a block into the writable columns, takes it back as one, and does it again', async () => {
    await grid.select(0, column('reviewer'));
    await grid.paste('甲員\t缺掃描檔\n乙員\t"含\t跳格"\n');
    await holds('reviewer', ['甲員', '乙員', '']);
    expect(values('note')).toEqual(['缺掃描檔', '含\t跳格', '']);
    await grid.cell(1, column('reviewer')).getByText('乙員').waitFor();
    await shoot(page, 'paste');
    await page.getByRole('button', { name: '復原' }).click();
    await holds('note', ['', '', '']);
    expect(values('reviewer')).toEqual(['', '', '']);
    await page.getByRole('button', { name: '重做' }).click();
    await holds('reviewer', ['甲員', '乙員', '']);
    await page.keyboard.press('Control+z');
    await holds('reviewer', ['', '', '']);
    await page.getByRole('button', { name: '復原' }).click();
    await grid.message.getByText('沒有可以復原的動作').waitFor();
  });

  it('copies the selected block as a spreadsheet does', async () => {
    await grid.select(0, column('case'));
    await page.keyboard.down('Shift');
    await grid.cell(1, column('name')).click();
    await page.keyboard.up('Shift');
    await expect.poll(grid.copied, PATIENT).toMatch(/^.+\t王小明\n.+\t李大同$/u);
  });

  it('refuses a block that reaches into a protected column, says which, and takes nothing of it', async () => {
    await grid.select(0, column('findings'));
    const findings = values('findings');
    await grid.paste('已決定\t通過登錄\n已決定\t通過登錄');
    await grid.message.getByText('「提醒」').waitFor();
    expect(await grid.message.textContent()).toContain('整塊都沒有貼上');
    expect(values('findings')).toEqual(findings);
    expect(values('decision')).toEqual(['', '', '']);
    await grid.select(2, column('note'));
    await grid.paste('一\t二\t三\t四');
    await grid.message.getByText('超出表格').waitFor();
    expect(values('reason')).toEqual(['', '', '']);
  });

  it('refuses a block with a value that a list has not, and takes nothing of it', async () => {
    const cases = () => stage.readTab('office', 'cases', CASES);
    const { columns, rows } = cases();
    await grid.open('office', 'cases', rows.length, OFFICE_ACCOUNT);
    await grid.select(0, columns.action);
    await grid.paste('重新開案\t好\n隨便\t好');
    await grid.message.getByText('不在可選的範圍內').waitFor();
    expect(cases().rows.map(({ cells }) => [cells.action, cells.reason])).toEqual(rows.map(() => ['', '']));
    // What was refused does not stay on the page as if it were so.
    expect(await grid.cell(0, columns.action).textContent()).toBe('');
  });

  it('says why a protected cell cannot be typed into', async () => {
    await grid.cell(0, 0).dblclick();
    await grid.message.getByText('「案號」受保護').waitFor();
    expect(await page.locator('revogr-edit').count()).toBe(0);
  });

  it('does not sort the sheet for its reviewer, who edits and does not own it', async () => {
    const dialog = await grid.column('姓名');
    await dialog.getByRole('button', { name: '遞增排序' }).click();
    await grid.message.getByText('受保護').waitFor();
    expect(values('name')).toEqual(NAMES);
  });

  it('sorts the rows for the owner, as Sheets does; undo still finds its row', async () => {
    await grid.open('city-center', 'queue', queue().rows.length, OFFICE_ACCOUNT);
    await grid.type(0, column('note'), '第一列的備註');
    await holds('note', ['第一列的備註', '', '']);
    const first = String(values('case')[0]);
    await grid.see(column('certificateNumber'));
    const dialog = await grid.column('證書字號');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: '遞增排序' }).click();
    await holds('name', NAMES.toReversed());
    await page.getByRole('button', { name: '復原' }).click();
    await holds('note', ['', '', '']);
    expect(values('case').at(-1)).toBe(first);
  });

  it('writes to the row that is seen while a filter hides others, and shows all again', async () => {
    const dialog = await grid.column('姓名');
    await dialog.getByLabel('文字').fill('王小明');
    await dialog.getByRole('button', { name: '套用篩選' }).click();
    await page.getByRole('button', { name: '篩選中，顯示 1／3 列' }).waitFor();
    await page.getByRole('button', { name: '「姓名」欄選單（篩選中）' }).waitFor();
    const row = values('name').indexOf('王小明');
    await grid.select(row, column('note'));
    await grid.paste('只給王小明');
    await expect.poll(() => values('note')[row], PATIENT).toBe('只給王小明');
    expect(values('note').filter((note) => note !== '')).toHaveLength(1);
    await page.getByRole('button', { name: '全部顯示' }).click();
    await grid.see(column('name'));
    await grid.cell(2, column('name')).waitFor();
  });

  it('draws what the sheet’s own properties say, and without them nothing of it', async () => {
    const id = stage.documentOf('city-center').spreadsheetId;
    const sheetId = stage.documentOf('city-center').tabIds.queue ?? 0;
    const { sheets } = stage.google.emulator;
    const drawn = () =>
      page.evaluate(() => {
        const cells = [...document.querySelectorAll<HTMLElement>('revogr-data .rgCell[data-row]')];
        const rows = [...document.querySelectorAll<HTMLElement>('.rowHeaders revogr-data .rgCell')];
        return {
          frozen: [...document.querySelectorAll('.colPinStart .column-head')].length,
          grey: cells.filter(({ style }) => style.backgroundColor !== '').length,
          wrapped: cells.filter(({ classList }) => classList.contains('wrapped')).length,
          boxes: document.querySelectorAll('revogr-data input[type=checkbox]').length,
          first: rows.map(({ textContent }) => Number(textContent)).toSorted((a, b) => a - b)[0],
        };
      });
    // Three cases stand in a grid of blank rows, which are white and have no check box.
    await grid.see(column('ready'));
    await expect.poll(async () => (await drawn()).boxes, PATIENT).toBe(NAMES.length);
    const before = await drawn();
    expect(before).toMatchObject({ frozen: 2, first: 3 });
    expect(before.grey).toBeGreaterThan(NAMES.length * 2);
    expect(before.wrapped).toBeGreaterThan(NAMES.length * 2);
    const range = { sheetId, startRowIndex: 2 };
    sheets.batchUpdate(id, {
      requests: [
        { repeatCell: { range, cell: {}, fields: 'userEnteredFormat' } },
        { setDataValidation: { range } },
        {
          updateSheetProperties: {
            properties: { sheetId, gridProperties: { frozenRowCount: 0, frozenColumnCount: 0 } },
            fields: 'gridProperties(frozenRowCount,frozenColumnCount)',
          },
        },
        {
          updateDimensionProperties: {
            range: { sheetId, dimension: 'ROWS', startIndex: 0, endIndex: 1 },
            properties: { hiddenByUser: false },
            fields: 'hiddenByUser',
          },
        },
      ],
    });
    // The row of labels keeps its own format.
    await expect
      .poll(async () => ({ ...(await drawn()), grey: 0, wrapped: 0 }), PATIENT)
      .toEqual({ frozen: 0, grey: 0, wrapped: 0, boxes: 0, first: 1 });
    sheets.batchUpdate(id, {
      requests: [{ repeatCell: { range: { sheetId }, cell: {}, fields: 'userEnteredFormat' } }],
    });
    await expect.poll(drawn, PATIENT).toEqual({ frozen: 0, grey: 0, wrapped: 0, boxes: 0, first: 1 });
  });

  it('leaves a screen of 1280 pixels to the row beside what stands still', async () => {
    const frozen = page.locator('revogr-viewport-scroll.colPinStart');
    const box = await frozen.boundingBox();
    expect(box?.width).toBeLessThan(320);
    await grid.see(column('ready'));
    for (const key of ['case', 'name', 'reason', 'ready'] as const)
      expect(await grid.cell(0, column(key)).isVisible()).toBe(true);
  });

  it('offers the filter views of the tab, and keeps a row in sight while it is worked on', async () => {
    const view = page.getByLabel('篩選檢視');
    await view.selectOption('逾期');
    await page.getByRole('button', { name: '篩選中，顯示 0／3 列' }).waitFor();
    await view.selectOption('審核中');
    await page.getByRole('button', { name: '篩選中，顯示 3／3 列' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await view.selectOption('全部');
    await expect.poll(() => page.getByRole('button', { name: /^篩選中/u }).count(), PATIENT).toBe(0);
  });

  it('is gone into and left by keyboard', async () => {
    await page.locator('revogr-viewport-scroll.rgCol .vertical-inner').focus();
    await page.keyboard.press('ArrowDown');
    // The first column that scrolls.
    await expect.poll(grid.focused, PATIENT).toEqual([0, 2]);
    await page.keyboard.press('ArrowDown');
    await expect.poll(grid.focused, PATIENT).toEqual([1, 2]);
    await page.keyboard.press('Tab');
    await expect.poll(grid.focused, PATIENT).toEqual([1, 3]);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.id === 'undo');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('redo');
  });

  it('inserts and deletes rows, and its own columns, by menu, for the owner; moves a column', async () => {
    await grid.open('city-center', 'queue', queue().rows.length, OFFICE_ACCOUNT);
    const choose = async (menu: string, item: string) => {
      await page.locator('summary', { hasText: menu }).click();
      await page.getByRole('button', { name: item }).click();
    };
    const names = values('name');
    await grid.select(1, column('name'));
    await choose('列', '在選取列上方插入一列');
    await grid.cell(2, column('name')).getByText(String(names[1])).waitFor();
    // There is nothing to read in the blank row.
    expect(await grid.cell(1, column('name')).textContent()).toBe('');
    expect(values('name')).toEqual(names);
    await grid.select(1, column('name'));
    await choose('列', '刪除選取列');
    const sure = page.getByRole('dialog', { name: '刪除選取列' });
    expect(await violations(page)).toEqual([]);
    await sure.getByRole('button', { name: '確定' }).click();
    await grid.cell(1, column('name')).getByText(String(names[1])).waitFor();
    const school = column('school');
    await (await grid.column('姓名')).getByRole('button', { name: '在右邊插入一欄' }).click();
    const asked = page.getByRole('dialog', { name: '插入一欄' });
    await asked.getByLabel('新欄的標題').fill('我的記號');
    await asked.getByRole('button', { name: '確定' }).click();
    await expect.poll(() => column('school'), PATIENT).toBe(school + 1);
    await (await grid.column('我的記號')).getByRole('button', { name: '移到右邊' }).click();
    await expect.poll(() => column('school'), PATIENT).toBe(school);
    await page
      .locator(`.column-head[data-column="${school + 1}"]`)
      .getByText('我的記號')
      .waitFor();
    // Whoever still sees the columns as they stood before takes none away.
    const stale = await page.request.post(
      page
        .url()
        .replace('/spreadsheets/d/', '/pages/sheets/')
        .replace(/\/edit.*$/u, '/acts/delete-column'),
      { data: { gid: stage.documentOf('city-center').tabIds.queue, column: school, label: '我的記號' } },
    );
    expect(stale.status()).toBe(409);
    await (await grid.column('我的記號')).getByRole('button', { name: '刪除這一欄' }).click();
    const gone = page.getByRole('dialog', { name: '刪除這一欄' });
    await gone.getByRole('button', { name: '確定' }).click();
    await page.locator('.column-head').getByText('我的記號').waitFor({ state: 'detached' });
    expect(values('name')).toEqual(names);
  });

  it('is decided by keyboard alone: drop-down by Enter and arrows, check box by Space', async () => {
    const row = values('name').indexOf('李大同');
    await grid.select(row, column('decision'));
    await grid.edit();
    const select = page.locator('revogr-edit select');
    const at = await select.locator('option').allTextContents();
    for (let i = 0; i < at.indexOf('退回補件'); i += 1) await page.keyboard.press('ArrowDown');
    expect(await select.inputValue()).toBe('退回補件');
    await page.keyboard.press('Enter');
    await expect.poll(() => values('decision')[row], PATIENT).toBe('退回補件');
    await grid.select(row, column('reason'));
    await grid.edit();
    await page.keyboard.type('掃描檔不清楚');
    await page.keyboard.press('Enter');
    await grid.wentOn(row);
    await expect.poll(() => values('reason')[row], PATIENT).toBe('掃描檔不清楚');
    await grid.select(row, column('reason'));
    await page.keyboard.press('ArrowRight');
    await expect.poll(grid.focused, PATIENT).toEqual([row, column('ready')]);
    await page.keyboard.press(' ');
    await expect.poll(() => values('ready')[row], PATIENT).toBe(true);
    await stage.afterGrace();
    expect(stage.mailsTo('teacher1@example.com').at(-1)?.text).toContain('掃描檔不清楚');
  });
});

describe('a person who types slowly', () => {
  const platform = () => stage.readTab('platform', 'queue', QUEUE);
  const send = async (name: string, at: number) => {
    await stage.submit('advanced-mentor-106-107', {
      ...COMPLETE,
      name,
      email: `slow${at}@example.com`,
      'certificate-number': `臺教師(三)字第106000010${at}號`,
    });
    await stage.settle();
  };

  beforeEach(async () => {
    for (const [at, name] of ['方一', '方二', '方三'].entries()) await send(name, at);
    await grid.open('platform', 'queue', 3);
  });

  it('loses no word, cell or place while the service writes to the same tab and takes a row away above', async () => {
    const reason = platform().columns.reason;
    const scrolled = () =>
      page
        .locator('revogr-viewport-scroll.rgCol')
        .first()
        .evaluate((element) => element.scrollLeft);
    await grid.select(1, reason);
    const left = await scrolled();
    expect(left).toBeGreaterThan(0);
    await grid.edit();
    const editor = page.locator('revogr-edit input');
    await page.keyboard.type('請補');
    await send('方四', 3);
    await page.waitForFunction(() => document.documentElement.dataset.rows === '4');
    await page.keyboard.type('上清楚的');
    // The first row is decided and leaves: the row that is typed into moves up.
    stage.type('platform', 'queue', QUEUE, String(platform().rows[0]?.cells.case), {
      decision: '通過登錄',
      ready: true,
    });
    await stage.afterGrace();
    await page.waitForFunction(() => document.documentElement.dataset.rows === '3');
    await page.keyboard.type('掃描檔');
    expect(await editor.inputValue()).toBe('請補上清楚的掃描檔');
    await page.keyboard.press('Enter');
    const typedRow = () => platform().rows.find((row) => row.cells.name === '方二');
    await expect.poll(() => typedRow()?.cells.reason, PATIENT).toBe('請補上清楚的掃描檔');
    expect(platform().rows.filter((row) => row.cells.reason !== '')).toHaveLength(1);
    // What the service wrote meanwhile is shown now, and the person is where they were.
    await grid.cell(0, reason).getByText('請補上清楚的掃描檔').waitFor();
    expect(await grid.cell(3, reason).textContent()).toBe('');
    expect(await scrolled()).toBe(left);
    expect((await grid.focused())[1]).toBe(reason);
  });

  it('keeps selection and place where rows change before anything is typed', async () => {
    const note = platform().columns.note;
    await grid.select(1, note);
    await send('方四', 3);
    await page.waitForFunction(() => document.documentElement.dataset.rows === '4');
    expect(await grid.focused()).toEqual([1, note]);
    await grid.edit();
    await page.keyboard.type('記');
    await page.keyboard.press('Enter');
    await expect.poll(() => platform().rows[1]?.cells.note, PATIENT).toBe('記');
  });
});

describe('the administrator', () => {
  const batch = () => stage.readTab('city-center', 'batches', BATCHES);
  const holdsBatch = (key: BatchKey, wanted: unknown) =>
    expect.poll(() => batch().rows[0]?.cells[key], PATIENT).toBe(wanted);

  it('dispatches a batch: makes the roster, fills in the letter, and the teachers hear of it', async () => {
    for (const row of queue().rows)
      stage.type('city-center', 'queue', QUEUE, String(row.cells.case), {
        decision: '審核通過，列入函報',
        ready: true,
      });
    await stage.afterGrace();
    expect(stage.readTab('city-center', 'dispatch', DISPATCH).rows).toHaveLength(3);
    await grid.open('city-center', 'batches', batch().rows.length, REVIEWER_ACCOUNT);
    const { columns } = batch();
    await grid.choose(0, columns.scope, '全部待函報');
    await holdsBatch('scope', '全部待函報');
    await grid.tick(0, columns.roster);
    await holdsBatch('roster', true);
    await stage.afterGrace();
    await grid.cell(0, columns.result).getByText('名冊共 3 件').waitFor();
    expect(stage.mailsTo('admin@office.example').at(-1)?.source).toContain('.ods');
    await grid.type(0, columns.letterNumber, '南市教專字第1090000001號');
    await holdsBatch('letterNumber', '南市教專字第1090000001號');
    await grid.type(0, columns.letterDate, '109-05-11');
    await holdsBatch('letterDate', '109-05-11');
    await grid.tick(0, columns.send);
    await holdsBatch('send', true);
    await stage.afterGrace();
    await grid.see(columns.result);
    await grid.cell(0, columns.result).getByText('已發文，3 件').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'dispatch');
    for (const i of NAMES.keys())
      expect(stage.mailsTo(`teacher${i}@example.com`).at(-1)?.text).toContain('南市教專字第1090000001號');
  });
});

describe('the tabs', () => {
  it('adds, copies, renames and deletes tabs; one of the office comes back', async () => {
    const count = queue().rows.length;
    await grid.open('city-center', 'queue', count, OFFICE_ACCOUNT);
    const choose = async (item: string) => {
      await page.locator('summary', { hasText: '工作表' }).click();
      await page.getByRole('button', { name: item }).click();
    };
    const answer = async (title: string, text?: string) => {
      const dialog = page.getByRole('dialog', { name: title });
      if (text) await dialog.getByRole('textbox').fill(text);
      await dialog.getByRole('button', { name: '確定' }).click();
    };
    const current = (title: string) =>
      page.locator('.tabs [aria-current]').getByText(title, { exact: true }).waitFor();
    await choose('新增工作表');
    await answer('新增工作表', '待審');
    await grid.message.getByText('已有同名的工作表').waitFor();
    await choose('新增工作表');
    await answer('新增工作表', '草稿');
    await current('草稿');
    await grid.ready();
    await grid.type(0, 1, '隨手記');
    await grid.message.getByText('已儲存').waitFor();
    await choose('複製這張工作表');
    await answer('複製這張工作表');
    await current('草稿 的副本');
    await page.getByText('隨手記').waitFor();
    await choose('改名');
    await answer('工作表改名', '留底');
    await current('留底');
    for (const left of ['留底', '草稿']) {
      await page.getByRole('navigation', { name: '工作表' }).getByRole('link', { name: left }).click();
      await current(left);
      await grid.ready();
      await choose('刪除這張工作表');
      await answer('刪除這張工作表');
      await current('待審');
    }
    await grid.ready(count);
    await choose('刪除這張工作表');
    await answer('刪除這張工作表');
    await current('函報');
    await stage.settle();
    await grid.open('city-center', 'queue', count);
    expect(queue().rows).toHaveLength(count);
  });
});
