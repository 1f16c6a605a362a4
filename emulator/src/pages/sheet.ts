import type { Express } from 'express';
import { html } from '../../../contract/html.ts';
import { ApiError } from '../errors.ts';
import type { SheetsService } from '../sheets/service.ts';
import { sendPage } from './layout.ts';
import { describeSheet } from './sheet-state.ts';

interface Edit {
  row: number;
  column: number;
  value: string | number | boolean;
}

const LOCKED = '這個儲存格由系統維護，不能更改；請在可填寫的欄位填寫。';
const INVALID = '這個值不在可選的範圍內，請由選單挑選。';

/** The spreadsheets as people edit them. The server re-checks protection and validation. */
export function sheetPages(app: Express, sheets: SheetsService): void {
  app.get('/spreadsheets/d/:id/edit', (request, response) => {
    const { id } = request.params;
    const book = sheets.get(id);
    const tabs = book.sheets?.map((sheet) => sheet.properties) ?? [];
    const current = tabs.find((tab) => String(tab?.sheetId) === String(request.query.gid)) ?? tabs[0];
    sendPage(response, {
      title: `${current?.title}－${book.properties?.title}`,
      wide: true,
      scripts: ['/assets/revogrid/revo-grid.esm.js', '/assets/client/sheet.js'],
      body: html`<h1>${book.properties?.title}</h1>
        <nav class="bar tabs" aria-label="工作表">${tabs.map((tab) => html`<a href="?gid=${tab?.sheetId}"${tab === current && html` aria-current="page"`}>${tab?.title}</a>`)}</nav>
        <div class="bar" role="toolbar" aria-label="編輯">
          <button class="quiet" id="undo" type="button">復原</button>
          <button class="quiet" id="sort-up" type="button">依選取欄遞增排序</button>
          <button class="quiet" id="sort-down" type="button">遞減排序</button>
          <button class="quiet" id="delete-row" type="button">刪除選取列</button>
          <button class="quiet" id="rename" type="button">工作表改名</button>
        </div>
        <p id="message" role="status"></p>
        <div id="grid" data-spreadsheet="${id}" data-gid="${current?.sheetId}"></div>`,
    });
  });
  app.get('/pages/sheets/:id', (request, response) => {
    response.json(
      describeSheet(sheets.get(request.params.id, { includeGridData: true }), Number(request.query.gid ?? 0)),
    );
  });
  app.get('/pages/sheets/:id/events', (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': open\n\n');
    const onChange = (changed: string) => {
      if (changed === request.params.id) response.write('data: change\n\n');
    };
    sheets.on('change', onChange);
    request.on('close', () => sheets.off('change', onChange));
  });
  const act = (path: string, requestsOf: (body: never) => object[], as: 'editor' | 'service') =>
    app.post(`/pages/sheets/:id/${path}`, (request, response) => {
      try {
        sheets.batchUpdate(
          String(request.params.id),
          { requests: requestsOf(request.body as never) },
          { as },
        );
        response.json({});
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const message = /protected/u.test(error.message)
          ? LOCKED
          : /validation/u.test(error.message)
            ? INVALID
            : error.message;
        response.status(409).json({ message });
      }
    });
  act(
    'cells',
    ({ gid, edits }: { gid: number; edits: Edit[] }) => edits.map((edit) => cellRequest(gid, edit)),
    'editor',
  );
  // Only an owner may sort or delete across protected cells, as in Google Sheets.
  act(
    'sort',
    ({ gid, column, descending }: { gid: number; column: number; descending: boolean }) => [
      {
        sortRange: {
          range: { sheetId: gid, startRowIndex: 2 },
          sortSpecs: [{ dimensionIndex: column, sortOrder: descending ? 'DESCENDING' : 'ASCENDING' }],
        },
      },
    ],
    'service',
  );
  act(
    'delete-row',
    ({ gid, row }: { gid: number; row: number }) => [
      { deleteDimension: { range: { sheetId: gid, dimension: 'ROWS', startIndex: row, endIndex: row + 1 } } },
    ],
    'service',
  );
  act(
    'rename',
    ({ gid, title }: { gid: number; title: string }) => [
      { updateSheetProperties: { properties: { sheetId: gid, title }, fields: 'title' } },
    ],
    'editor',
  );
}

/** What a person types is text, a number or a tick: never a formula here. */
function cellRequest(sheetId: number, { row, column, value }: Edit): object {
  const userEnteredValue =
    typeof value === 'boolean'
      ? { boolValue: value }
      : typeof value === 'number'
        ? { numberValue: value }
        : { stringValue: value };
  return {
    updateCells: {
      start: { sheetId, rowIndex: row, columnIndex: column },
      rows: [{ values: [value === '' ? {} : { userEnteredValue }] }],
      fields: 'userEnteredValue',
    },
  };
}
