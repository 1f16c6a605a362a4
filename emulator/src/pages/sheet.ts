import type { Express, Response } from 'express';
import { html } from '../../../contract/html.ts';
import { ApiError } from '../errors.ts';
import type { ScriptRuntime } from '../script/runtime.ts';
import { valueOf } from '../sheets/workbook.ts';
import type { SheetsService } from '../sheets/service.ts';
import { sendPage } from './layout.ts';
import { createFeed } from './sheet-feed.ts';
import { describeSheet } from './sheet-state.ts';

interface Edit {
  row: number;
  column: number;
  value: string | number | boolean;
  /** What the person saw in the row's first cell. */
  id?: string | number | boolean;
}

/** Who edits on this machine, as Google would tell the script. */
const PERSON = 'reviewer@budeng.invalid';
const LOCKED = '這個儲存格由系統維護，不能更改；請在可填寫的欄位填寫。';
const MOVED = '這一列剛剛移動或更新了，沒有寫入；請看過再填一次。';
const INVALID = '這個值不在可選的範圍內，請由選單挑選。';

/** The spreadsheets as people edit them. The server re-checks protection and validation. */
export function sheetPages(app: Express, sheets: SheetsService, script: () => ScriptRuntime | null): void {
  const feed = createFeed();
  app.get('/spreadsheets/d/:id/edit', (request, response) => {
    const { id } = request.params;
    const book = sheets.get(String(id));
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
          <span id="menu"></span>
        </div>
        <p id="message" role="status"></p>
        <div class="workspace"><div id="grid" data-spreadsheet="${id}" data-gid="${current?.sheetId}"></div>
          <aside id="sidebar" class="card" aria-label="側邊欄" hidden></aside></div>`,
    });
  });
  app.get('/pages/sheets/:id', (request, response) => {
    const { id } = request.params;
    const tab = sheets.tab(id, Number(request.query.gid ?? 0));
    const state = tab ? describeSheet(tab) : { columns: [], rows: [] };
    response.json(feed(`${id}/${tab?.properties.sheetId}`, state, Number(request.query.have ?? 0)));
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
      guard(response, () => {
        sheets.batchUpdate(
          String(request.params.id),
          { requests: requestsOf(request.body as never) },
          { as },
        );
        return {};
      });
    });
  app.post('/pages/sheets/:id/cells', (request, response) => {
    const { gid, edits } = request.body as { gid: number; edits: Edit[] };
    guard(response, () => {
      const id = String(request.params.id);
      const tab = sheets.tab(id, gid);
      const moved = edits.some(
        (edit) => edit.id !== undefined && edit.id !== (valueOf(tab?.rows[edit.row]?.[0]) ?? ''),
      );
      if (moved) throw new ApiError('INVALID_ARGUMENT', MOVED);
      sheets.editCells(
        id,
        edits.map(({ row, column, value }) => ({ sheetId: gid, row, column, value })),
      );
      for (const { row, column } of edits)
        script()?.edited({ spreadsheetId: id, sheetId: gid, row, column, user: PERSON });
      return {};
    });
  });
  app.get('/pages/sheets/:id/menu', async (request, response) => {
    const place = { spreadsheetId: request.params.id, sheetId: 0, row: 1, rows: 1 };
    const has = script()
      ?.triggers()
      .some((each) => each.event === 'open' && each.spreadsheetId === place.spreadsheetId);
    response.json(has ? await script()?.runAt('onOpenSheet', place) : []);
  });
  app.post('/pages/sheets/:id/menu', async (request, response) => {
    const { handler, gid, row } = request.body as { handler: string; gid: number; row: number };
    const place = { spreadsheetId: String(request.params.id), sheetId: gid, row: row + 1, rows: 1 };
    response.json((await script()?.runAt(handler, place)) ?? []);
  });
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

/** Answers with what the work gives, or 409 with the reason in words. */
function guard(response: Response, work: () => object) {
  try {
    response.json(work());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message } = error;
    const reason = /protected/u.test(message) ? LOCKED : /validation/u.test(message) ? INVALID : message;
    response.status(409).json({ message: reason });
  }
}
