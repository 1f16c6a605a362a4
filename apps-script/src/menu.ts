import { FIRST_DATA_ROW, KEY_ROW } from '../../contract/tabs.ts';
import { fetchHistory, ping } from './ping.ts';
import { readSettings } from './settings.ts';

type Sheet = GoogleAppsScript.Spreadsheet.Sheet;

const HELP = [
  '挑選「審核決定」，需要時填「理由」，再勾「送出」。',
  '寬限時間內取消勾選，就是復原。',
  '決定沒有採用時，系統會取消勾選，原因寫在「上次決定結果」。',
  '欄位可以搬動、改標題，列可以刪除或插入，案件不會遺失；請不要改隱藏的第 1 列。',
];

/** A spreadsheet was opened: the menu 補登作業. */
export function onOpenSheet(): void {
  SpreadsheetApp.getUi()
    .createMenu('補登作業')
    .addItem('立即更新', 'menuLook')
    .addItem('選取的案件選入函報名冊', 'menuSelect')
    .addItem('看選取案件的經過', 'menuHistory')
    .addItem('說明', 'menuHelp')
    .addToUi();
}

export function menuLook(): void {
  const reached = ping(readSettings(), 'menu');
  toast(reached ? '已通知系統，稍候即更新。' : '系統目前沒有回應，會在下次自動更新。');
}

/** Ticks 選入名冊 in the selected rows. */
export function menuSelect(): void {
  const sheet = SpreadsheetApp.getActiveSheet();
  const column = columnOf(sheet, 'select');
  if (!column) {
    toast('請先切換到「函報」工作表，選取要函報的列。');
    return;
  }
  const range = sheet.getActiveRange();
  const first = Math.max(range?.getRow() ?? FIRST_DATA_ROW, FIRST_DATA_ROW);
  const last = (range?.getRow() ?? 0) + (range?.getNumRows() ?? 0) - 1;
  for (let row = first; row <= last; row += 1) sheet.getRange(row, column).setValue(true);
  toast(`已選入 ${Math.max(0, last - first + 1)} 列。`);
}

/** The selected case's history, in the sidebar. */
export function menuHistory(): void {
  const sheet = SpreadsheetApp.getActiveSheet();
  const column = columnOf(sheet, 'case');
  const row = sheet.getActiveRange()?.getRow() ?? 0;
  const caseNumber = column && row >= FIRST_DATA_ROW ? String(sheet.getRange(row, column).getValue()) : '';
  if (!caseNumber) {
    toast('請先選取一個案件的列。');
    return;
  }
  const history = fetchHistory(readSettings(), caseNumber);
  const entries = (history ?? []).map(
    (entry) =>
      `<li><strong>${escape(entry.at)}</strong><br>${escape(entry.what)}（${escape(entry.state)}）　${escape(entry.actor)}${entry.reason ? `<br>${escape(entry.reason)}` : ''}</li>`,
  );
  const body = history ? `<ol>${entries.join('')}</ol>` : '<p>系統目前沒有回應，請稍後再試。</p>';
  SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutput(body).setTitle(`${caseNumber} 的經過`));
}

export function menuHelp(): void {
  const items = HELP.map((line) => `<li>${escape(line)}</li>`).join('');
  SpreadsheetApp.getUi().showSidebar(
    HtmlService.createHtmlOutput(`<ul>${items}</ul>`).setTitle('補登作業說明'),
  );
}

/** A tick without a reviewer's name gets it, where Google tells who edits. */
export function onEditSheet(event?: GoogleAppsScript.Events.SheetsOnEdit): void {
  if (!event?.range || event.range.getRow() < FIRST_DATA_ROW) return;
  const sheet = event.range.getSheet();
  const [ready, reviewer] = [columnOf(sheet, 'ready'), columnOf(sheet, 'reviewer')];
  if (!ready || !reviewer || event.range.getColumn() !== ready || event.range.getValue() !== true) return;
  const name = (event.user?.getEmail() ?? '').split('@')[0];
  const cell = sheet.getRange(event.range.getRow(), reviewer);
  if (name && cell.getValue() === '') cell.setValue(name);
}

/** 1-based column of a machine key; 0 where the tab has none. */
function columnOf(sheet: Sheet, key: string): number {
  const keys = sheet.getRange(KEY_ROW, 1, 1, sheet.getLastColumn()).getValues()[0] ?? [];
  return keys.indexOf(key) + 1;
}

function toast(text: string): void {
  SpreadsheetApp.getActiveSpreadsheet().toast(text, '補登作業');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
