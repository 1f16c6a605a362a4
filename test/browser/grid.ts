import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { FIRST_DATA_ROW } from '../../contract/tabs.ts';
import type { Stage } from '../stage/stage.ts';
import { PATIENCE_MS } from './browser.ts';

/** On a machine that does something else as well. */
export const PATIENT = { timeout: PATIENCE_MS };
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** The grid of a sheet's page as a person uses it. Rows count from the first with data, columns as they stand in the sheet. */
export function gridOf(page: Page, stage: Stage) {
  const message = page.locator('#message');
  const cell = (row: number, column: number) =>
    page
      .locator(`revogr-data .rgCell[data-row="${row + FIRST_DATA_ROW - 1}"][data-column="${column}"]`)
      .first();

  /** Row and column that the keyboard works on, and the last row shown. */
  const place = () =>
    page.evaluate(async (first) => {
      const grid = document.querySelector('revo-grid') as unknown as {
        getFocused(): Promise<{ model?: { sheetRow: number }; column?: { prop: string } } | null>;
        getVisibleSource(): Promise<{ sheetRow: number }[]>;
      };
      const found = await grid.getFocused();
      const last = (await grid.getVisibleSource()).at(-1);
      const at = (row: number | undefined) => (row ?? -1) - first;
      return {
        row: at(found?.model?.sheetRow),
        column: Number(found?.column?.prop.slice(1)),
        last: at(last?.sheetRow),
      };
    }, FIRST_DATA_ROW - 1);
  const focused = async () => {
    const { row, column } = await place();
    return [row, column];
  };

  return {
    message,
    cell,
    focused,
    /** The grid goes on to the row below a moment after Enter; an editor opened before that would be closed. */
    async wentOn(row: number) {
      await page.locator('revogr-edit').waitFor({ state: 'detached' });
      await expect
        .poll(async () => {
          const { row: at, last } = await place();
          return at === Math.min(row + 1, last);
        }, PATIENT)
        .toBe(true);
    },
    /** As whoever usually sits there: the reviewer before a queue, the administrator before the office's; or `as`. */
    async open(role: string, key: string, rows?: number, as?: string) {
      const { spreadsheetId, tabIds } = stage.documentOf(role);
      const person = as ? `&authuser=${as}` : '';
      await page.goto(
        `${stage.google.emulator.url}/spreadsheets/d/${spreadsheetId}/edit?gid=${tabIds[key]}${person}`,
      );
      await this.ready(rows);
    },
    /** The rows are there, and no font comes in late and moves them. */
    async ready(rows?: number) {
      await page.waitForFunction(
        (wanted) =>
          wanted === undefined
            ? document.documentElement.dataset.rows !== undefined
            : document.documentElement.dataset.rows === String(wanted),
        rows,
      );
      if (rows !== 0) await page.locator('revogr-data .rgCell').first().waitFor();
      await page.evaluate(() => document.fonts.ready);
    },
    /** Brings a column into sight; the grid draws only what is. */
    async see(column: number) {
      await page.evaluate(async (name) => {
        const grid = document.querySelector('revo-grid') as unknown as {
          scrollToColumnProp(name: string): Promise<void>;
        };
        await grid.scrollToColumnProp(name);
      }, `c${column}`);
      await page
        .locator(`revogr-data .rgCell[data-column="${column}"]`)
        .first()
        .waitFor({ state: 'attached' });
    },
    async select(row: number, column: number) {
      await this.see(column);
      await cell(row, column).click();
      await expect.poll(focused, PATIENT).toEqual([row, column]);
    },
    /** Opens the editor of the selected cell by keyboard; what is typed next goes into it. */
    async edit() {
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.closest('revogr-edit'));
    },
    async type(row: number, column: number, text: string) {
      await this.see(column);
      await cell(row, column).dblclick();
      const editor = page.locator('revogr-edit input');
      await editor.fill(text);
      await editor.press('Enter');
      await this.wentOn(row);
    },
    async choose(row: number, column: number, choice: string) {
      await this.see(column);
      await cell(row, column).dblclick();
      await page.locator('revogr-edit select').selectOption(choice);
    },
    async tick(row: number, column: number) {
      await this.see(column);
      await cell(row, column).locator('input[type=checkbox]').check();
    },
    /** Everything that can be done with a column. */
    async column(label: string) {
      await page.getByRole('button', { name: `「${label}」欄選單` }).click();
      return page.getByRole('dialog', { name: label });
    },
    async paste(text: string) {
      await page.evaluate((block) => navigator.clipboard.writeText(block), text);
      await page.keyboard.press('Control+v');
    },
    async copied() {
      await page.keyboard.press('Control+c');
      return page.evaluate(() => navigator.clipboard.readText());
    },
  };
}
export type GridPage = ReturnType<typeof gridOf>;
