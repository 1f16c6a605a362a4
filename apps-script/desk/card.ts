import { type Html, html } from '../../contract/html.ts';
import { FIRST_DATA_ROW, HISTORY } from '../../contract/tabs.ts';
import { columnsOf, type SelectedCase, type Sheet, textIn } from './rows.ts';

const NOT_WRITTEN =
  '本試算表的「經過」還沒有這一案。請核對案號；剛收的案件請等一分鐘，已離開本單位的案件不會列在這裡。';

/** The selected case as the sidebar shows it, as far as this spreadsheet knows it. */
export function cardOf(
  spreadsheet: GoogleAppsScript.Spreadsheet.Spreadsheet,
  { sheet, row, caseNumber }: SelectedCase,
): Html {
  const evidence = section('證明文件', lines(textIn(sheet, row, 'evidence')));
  const found = findHistory(spreadsheet, caseNumber);
  if (!found) return html`${evidence}<p>${NOT_WRITTEN}</p>`;
  const told = (key: string) => lines(textIn(found.sheet, found.row, key));
  return html`${evidence}${section('填報內容', told('answers'))}${section('經過', told('events'))}`;
}

/** The tab is found by its keys: it may bear another title by now. */
function findHistory(
  spreadsheet: GoogleAppsScript.Spreadsheet.Spreadsheet,
  caseNumber: string,
): { sheet: Sheet; row: number } | null {
  const keys = Object.keys(HISTORY.columns);
  for (const sheet of spreadsheet.getSheets()) {
    const column = columnsOf(sheet);
    if (!keys.every((key) => column(key))) continue;
    const last = sheet.getLastRow();
    if (last < FIRST_DATA_ROW) continue;
    const numbers = sheet
      .getRange(FIRST_DATA_ROW, column(HISTORY.id), last - FIRST_DATA_ROW + 1, 1)
      .getValues();
    const index = numbers.findIndex(([value]) => String(value).trim() === caseNumber);
    if (index >= 0) return { sheet, row: FIRST_DATA_ROW + index };
  }
  return null;
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function section(title: string, items: string[]): Html | null {
  if (items.length === 0) return null;
  return html`<h3>${title}</h3><ul>${items.map((line) => html`<li>${linked(line)}</li>`)}</ul>`;
}

/** Makes links of addresses of files; any other scheme stays text. */
function linked(text: string): (string | Html)[] {
  return text
    .split(/(https?:\/\/[^\s<>"'、，。]+)/g)
    .map((part, index) =>
      index % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noopener">${part}</a>` : part,
    );
}
