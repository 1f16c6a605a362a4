import { actAs, type SheetsService } from 'google-on-this-machine';
import { QUEUE } from '../../../../../contract/tabs.ts';
import { BrokenTabError, parseTab } from '../../../google/tab.ts';
import type { TourStops } from '../office-links.ts';
import { REVIEWER_ACCOUNT } from '../people.ts';
import { TOUR_NAME } from './samples.ts';

/** Approves the tour's sample as soon as it is in the queue, for those who begin the tour as the administrator. */
export function approveWhenItComes(
  sheets: SheetsService,
  { compilers, approveForLetter }: Pick<TourStops, 'compilers' | 'approveForLetter'>,
): void {
  const approve = () => {
    const found = findSample(sheets, compilers);
    if (!found) return;
    sheets.off('change', onChange);
    const { sheetId, row, columns } = found;
    const cells = [
      [columns.decision, approveForLetter],
      [columns.reviewer, '示範同事'],
      [columns.ready, true],
    ] as const;
    const edits = cells.flatMap(([column, value]) =>
      column === undefined ? [] : [{ sheetId, row, column, value }],
    );
    actAs(REVIEWER_ACCOUNT, () => sheets.editCells(compilers, edits));
  };
  const onChange = (id: string) => {
    // Waits until the write that told of the row is done, so as not to write in the midst of it.
    if (id === compilers) setImmediate(approve);
  };
  sheets.on('change', onChange);
  setImmediate(approve);
}

function findSample(sheets: SheetsService, spreadsheetId: string) {
  const sheet = sheets.get(spreadsheetId).sheets?.find(({ properties }) => properties?.title === QUEUE.title);
  if (!sheet) return null;
  try {
    const { columns, rows } = parseTab(
      QUEUE,
      sheets.valuesGet(spreadsheetId, `'${QUEUE.title}'`, { valueRenderOption: 'UNFORMATTED_VALUE' }),
    );
    const row = rows.find(({ cells }) => cells.name === TOUR_NAME && !cells.decision);
    return row ? { sheetId: sheet.properties?.sheetId ?? 0, row: row.index, columns } : null;
  } catch (error) {
    // Somebody is trying out what a damaged tab does. The next change calls the colleague again.
    if (error instanceof BrokenTabError) return null;
    throw error;
  }
}
