import { type Html, html } from '../../contract/html.ts';
import { cardOf } from './card.ts';
import { caseRows, columnOf, columnsOf, selectedCase } from './rows.ts';

/**
 * The script that is bound to each spreadsheet of the office. Its editors can read its source and properties, so it holds
 * no secret and asks nobody: it shows what the service wrote into this spreadsheet.
 */

const HELP = [
  '挑選「審核決定」，需要時填「理由」，再勾「送出」。',
  '寬限時間內取消勾選，就是復原。',
  '決定沒有採用時，系統會取消勾選，原因寫在「處理結果」。',
  '系統每分鐘更新一次，不必重新整理。',
  '白底的欄位可以放心填寫、貼上、向下填滿；找案件請用篩選檢視。',
  '左邊的欄位與標題列受保護：要排序、插入或刪除列與欄，請洽承辦人。',
];

/** Runs as a simple trigger when a spreadsheet is opened. It needs nobody's consent. */
export function onOpen(): void {
  SpreadsheetApp.getUi()
    .createMenu('補登作業')
    .addItem('看選取的案件', 'menuCase')
    .addItem('選取的案件選入函報名冊', 'menuSelect')
    .addItem('說明', 'menuHelp')
    .addToUi();
}

/**
 * Runs as a simple trigger: writes the editor's name beside a tick that has none, where Google tells who edits; also
 * beside many that are pasted at once.
 */
export function onEdit(event?: GoogleAppsScript.Events.SheetsOnEdit): void {
  const range = event?.range;
  const name = (event?.user?.getEmail() ?? '').split('@')[0];
  if (!range || !name) return;
  const sheet = range.getSheet();
  const column = columnsOf(sheet);
  const ready = column('ready');
  const actor = column('reviewer') || column('actor');
  const covers = ready >= range.getColumn() && ready < range.getColumn() + range.getNumColumns();
  if (!ready || !actor || !covers) return;
  for (const row of caseRows(sheet, range)) {
    const cell = sheet.getRange(row, actor);
    if (sheet.getRange(row, ready).getValue() === true && cell.getValue() === '') cell.setValue(name);
  }
}

/** Shows the selected case in the sidebar: what was answered, evidence, and what happened to it. */
export function menuCase(): void {
  const sheet = SpreadsheetApp.getActiveSheet();
  const selected = selectedCase(sheet);
  if (!selected) {
    toast('請先選取一個案件的列。');
    return;
  }
  showSidebar(selected.caseNumber, cardOf(SpreadsheetApp.getActiveSpreadsheet(), selected));
}

/** Ticks 選入名冊 in the selected rows. */
export function menuSelect(): void {
  const sheet = SpreadsheetApp.getActiveSheet();
  const column = columnOf(sheet, 'select');
  if (!column) {
    toast('請先切換到「函報」工作表，選取要函報的列。');
    return;
  }
  const rows = caseRows(sheet, sheet.getActiveRange());
  for (const row of rows) sheet.getRange(row, column).setValue(true);
  toast(rows.length > 0 ? `已選入 ${rows.length} 列。` : '選取的範圍裡沒有案件，請選取要函報的列。');
}

export function menuHelp(): void {
  showSidebar('補登作業說明', html`<ul>${HELP.map((line) => html`<li>${line}</li>`)}</ul>`);
}

function showSidebar(title: string, body: Html): void {
  SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutput(body.text).setTitle(title));
}

function toast(text: string): void {
  SpreadsheetApp.getActiveSpreadsheet().toast(text, '補登作業');
}
