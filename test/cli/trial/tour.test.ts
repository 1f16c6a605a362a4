import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type BatchKey, BATCHES, QUEUE } from '../../../contract/tabs.ts';
import type { Stage } from '../../stage/stage.ts';
import { forEachDesk, shoot, violations } from '../../browser/browser.ts';
import { type GridPage, gridOf, PATIENT } from '../../browser/grid.ts';

let stage: Stage;
let page: Page;
let grid: GridPage;
const url = (path: string) => `${stage.google.emulator.url}${path}`;

forEachDesk({ width: 1280, height: 900 }, async (desk) => {
  ({ stage, page } = desk);
  await stage.settle();
  grid = gridOf(page, stage);
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
    await page.getByRole('link', { name: /請補正您的填報/u }).click();
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
    const roster = stage.mails().findLast(({ subject }) => /函報名冊已製作/u.test(subject));
    await page.goto(url(`/mailbox/${roster?.id}`));
    const files = page.locator('a[href*="/files/"]');
    expect(await files.allTextContents()).toEqual([
      expect.stringMatching(/\.ods$/u),
      expect.stringMatching(/\.pdf$/u),
      expect.stringMatching(/\.xlsx$/u),
    ]);
    const table = await page.request.get(url((await files.first().getAttribute('href')) ?? ''));
    // An .ods is a zip.
    expect((await table.body()).subarray(0, 2).toString()).toBe('PK');
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
  });
});
