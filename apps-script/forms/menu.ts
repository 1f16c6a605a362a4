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
  const reached = answerOf(() => ping(readSettings(), 'menu'));
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
  const rows = caseRows(sheet, sheet.getActiveRange());
  for (const row of rows) sheet.getRange(row, column).setValue(true);
  toast(rows.length > 0 ? `已選入 ${rows.length} 列。` : '選取的範圍裡沒有案件，請選取要函報的列。');
}

/** The rows of a range that hold a case: a whole column may be selected, and most of it is blank. */
function caseRows(sheet: Sheet, range: GoogleAppsScript.Spreadsheet.Range | null): number[] {
  const column = columnOf(sheet, 'case');
  if (!column || !range) return [];
  const first = Math.max(range.getRow(), FIRST_DATA_ROW);
  const last = Math.min(range.getRow() + range.getNumRows() - 1, sheet.getLastRow());
  if (last < first) return [];
  return sheet
    .getRange(first, column, last - first + 1, 1)
    .getValues()
    .flatMap(([value], index) => (String(value).trim() === '' ? [] : [first + index]));
}

/** Shows the selected case's history in the sidebar. */
export function menuHistory(): void {
  const sheet = SpreadsheetApp.getActiveSheet();
  const column = columnOf(sheet, 'case');
  const row = sheet.getActiveRange()?.getRow() ?? 0;
  const caseNumber = column && row >= FIRST_DATA_ROW ? String(sheet.getRange(row, column).getValue()) : '';
  if (!caseNumber) {
    toast('請先選取一個案件的列。');
    return;
  }
  const asked = answerOf(() => fetchHistory(readSettings(), caseNumber));
  const entries = (asked?.answer ?? []).map(
    (entry) =>
      `<li><strong>${escape(entry.at)}</strong><br>${escape(entry.what)}（${escape(entry.state)}）　${escape(entry.actor)}${entry.reason ? `<br>${escape(entry.reason)}` : ''}</li>`,
  );
  const list = entries.length > 0 ? `<ol>${entries.join('')}</ol>` : '<p>查無這個案號，請核對此列。</p>';
  const body = asked ? list : '<p>系統目前沒有回應，請稍後再試。</p>';
  SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutput(body).setTitle(`${caseNumber} 的經過`));
}

export function menuHelp(): void {
  const items = HELP.map((line) => `<li>${escape(line)}</li>`).join('');
  SpreadsheetApp.getUi().showSidebar(
    HtmlService.createHtmlOutput(`<ul>${items}</ul>`).setTitle('補登作業說明'),
  );
}

/** A tick without a name gets it, where Google tells who edits; also many that are filled down or pasted at once. */
export function onEditSheet(event?: GoogleAppsScript.Events.SheetsOnEdit): void {
  const range = event?.range;
  const name = (event?.user?.getEmail() ?? '').split('@')[0];
  if (!range || !name) return;
  const sheet = range.getSheet();
  const ready = columnOf(sheet, 'ready');
  const actor = columnOf(sheet, 'reviewer') || columnOf(sheet, 'actor');
  const covers = ready >= range.getColumn() && ready < range.getColumn() + range.getNumColumns();
  if (!ready || !actor || !covers) return;
  for (const row of caseRows(sheet, range)) {
    const cell = sheet.getRange(row, actor);
    if (sheet.getRange(row, ready).getValue() === true && cell.getValue() === '') cell.setValue(name);
  }
}

/** Finds the column of a machine key, from 1; 0 where the tab has none. */
function columnOf(sheet: Sheet, key: string): number {
  // A blank tab has no last column, and a range of none is refused.
  const keys = sheet.getRange(KEY_ROW, 1, 1, Math.max(1, sheet.getLastColumn())).getValues()[0] ?? [];
  return keys.indexOf(key) + 1;
}

/** What the service says; null where it does not answer, for the person at the menu to be told so. */
function answerOf<T>(ask: () => T): { answer: T } | null {
  try {
    return { answer: ask() };
  } catch (error) {
    console.warn(String(error));
    return null;
  }
}

function toast(text: string): void {
  SpreadsheetApp.getActiveSpreadsheet().toast(text, '補登作業');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
