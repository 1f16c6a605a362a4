import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { FIRST_DATA_ROW } from '../../contract/tabs.ts';
import type { Stage } from '../sync/stage.ts';

/** On a machine that does something else as well. */
export const PATIENT = { timeout: 20_000 };
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** The grid of a sheet's page as a person uses it. Rows count from the first with data, columns as they stand in the sheet. */
export function gridOf(page: Page, stage: Stage) {
  const message = page.locator('#message');
  const cell = (row: number, column: number) =>
    page
      .locator(`revogr-data .rgCell[data-row="${row + FIRST_DATA_ROW - 1}"][data-column="${column}"]`)
      .first();

  return {
    message,
    cell,
    async open(role: string, key: string, rows?: number) {
      const { spreadsheetId, tabIds } = stage.documentOf(role);
      await page.goto(`${stage.google.emulator.url}/spreadsheets/d/${spreadsheetId}/edit?gid=${tabIds[key]}`);
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
      await expect.poll(() => this.focused(), PATIENT).toBe(column);
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
      await editor.waitFor({ state: 'detached' });
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
    /** The column whose cell has the grid's focus. */
    focused: () =>
      page.evaluate(async () => {
        const grid = document.querySelector('revo-grid') as unknown as {
          getFocused(): Promise<{ column?: { prop: string } } | null>;
        };
        return Number((await grid.getFocused())?.column?.prop.slice(1));
      }),
  };
}
export type GridPage = ReturnType<typeof gridOf>;
