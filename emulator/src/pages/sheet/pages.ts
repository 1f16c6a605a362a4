import type { Express, Response } from 'express';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { type Html, html } from '../html.ts';
import { ApiError } from '../../errors.ts';
import type { Role } from '../../drive/access.ts';
import type { DriveService } from '../../drive/service.ts';
import { actingPerson, asProgram } from '../../people.ts';
import type { Emulator } from '../../server.ts';
import { type PageParts, sendPage } from '../layout.ts';
import type { PagesParts } from '../parts.ts';
import { sitBefore } from '../../http/sit-before.ts';
import { refuseEntry } from '../people.ts';
import { ACTS, type ActBody, isAsSeen } from './acts.ts';
import { createFeed } from './feed.ts';
import { describeSheet } from './state.ts';

interface Edit {
  row: number;
  column: number;
  value: string | number | boolean;
  /** What the person saw in the row's first cell. */
  id?: string | number | boolean;
}

/** An item of the script's menu, and the rows that the person stands in. */
interface MenuPick {
  handler: string;
  gid: number;
  row: number;
  rows: number;
}

const LOCKED = '這個儲存格受保護，不能更改；請在可填寫的欄位填寫。';
const MOVED = '這一列剛剛移動或更新了，沒有寫入；請看過再填一次。';
const SHIFTED = '這一列或這一欄剛剛移動了，沒有更動；請再試一次。';
const INVALID = '這個值不在可選的範圍內，請由選單挑選。';
const SAME_TITLE = '已有同名的工作表，請換一個名稱。';

export type SheetPagesParts = Pick<PagesParts, 'scripts' | 'editor'>;

/** Serves spreadsheets for people to edit. The server checks once more who asks, protection and validation. */
export function sheetPages(
  app: Express,
  { sheets, drive }: Pick<Emulator, 'sheets' | 'drive'>,
  { scripts, editor }: SheetPagesParts,
): void {
  const feed = createFeed();
  app.use(
    ['/spreadsheets/d/:id/edit', '/pages/sheets/:id'],
    sitBefore(({ params }) => editor(String(params.id))),
  );
  app.get('/spreadsheets/d/:id/edit', (request, response) => {
    const { id } = request.params;
    if (!drive.role(id)) return refuseEntry(request, response);
    sendPage(response, editPage(sheets.get(id), String(request.query.gid), whoIsHere(drive, id)));
  });
  app.get('/pages/sheets/:id', (request, response) => {
    const { id } = request.params;
    const tab = sheets.tab(id, Number(request.query.gid ?? 0));
    const writer = sheets.writer(id);
    const state = tab
      ? describeSheet(tab, writer)
      : { columns: [], rows: [], views: [], charts: [], looks: [] };
    response.json(
      feed(`${id}/${tab?.properties.sheetId}/${writer.editor}`, state, Number(request.query.have ?? 0)),
    );
  });
  app.get('/pages/sheets/:id/events', (request, response, next) => {
    if (!drive.role(request.params.id)) return next();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': open\n\n');
    const onChange = (changed: string) => {
      if (changed === request.params.id) response.write('data: change\n\n');
    };
    sheets.on('change', onChange);
    request.on('close', () => sheets.off('change', onChange));
  });
  app.get('/pages/sheets/:id/menu', async (request, response) => {
    const { id } = request.params;
    response.json(await scripts.opened(id, actingPerson() ?? ''));
  });
  app.post('/pages/sheets/:id/menu', async (request, response) => {
    const { handler, gid, row, rows }: MenuPick = request.body;
    const place = { spreadsheetId: String(request.params.id), sheetId: gid, row: row + 1, rows };
    response.json(await scripts.runAt(handler, place, actingPerson() ?? ''));
  });
  editRoutes(app, sheets, scripts);
}

/** What people change: cells, and by the menus rows, columns and tabs. */
function editRoutes(app: Express, sheets: Emulator['sheets'], scripts: SheetPagesParts['scripts']): void {
  app.post('/pages/sheets/:id/cells', (request, response) => {
    const { gid, edits }: { gid: number; edits: Edit[] } = request.body;
    const id = String(request.params.id);
    const tab = sheets.tab(id, gid);
    const moved = !tab || edits.some((edit) => !isAsSeen(edit, tab));
    if (moved) {
      response.status(409).json({ message: MOVED, moved });
      return;
    }
    guard(response, () => {
      sheets.editCells(
        id,
        edits.map(({ row, column, value }) => ({ sheetId: gid, row, column, value })),
      );
      scripts.edited({ spreadsheetId: id, sheetId: gid, user: actingPerson() ?? '', ...blockOf(edits) });
      return {};
    });
  });
  app.post('/pages/sheets/:id/acts/:act', (request, response, next) => {
    const id = String(request.params.id);
    const body: ActBody = request.body;
    const act = Object.hasOwn(ACTS, request.params.act) ? ACTS[request.params.act] : undefined;
    const tab = sheets.tab(id, body.gid);
    if (!act || !tab) return next();
    if (!isAsSeen(body, tab)) {
      response.status(409).json({ message: SHIFTED });
      return;
    }
    guard(response, () => {
      const position = (sheets.get(id).sheets ?? []).findIndex(
        ({ properties }) => properties?.sheetId === body.gid,
      );
      const requests = act.requests(body, tab, position);
      const [reply] = sheets.batchUpdate(id, { requests }, { byHand: true }).replies ?? [];
      return { gid: (reply?.addSheet ?? reply?.duplicateSheet)?.properties?.sheetId };
    });
  });
}

/** A menu of the toolbar. */
const menu = (label: string, items: [id: string, label: string][]) =>
  html`<details class="menu"><summary>${label}</summary><div>${items.map(
    ([act, text]) => html`<button class="quiet" id="${act}" type="button">${text}</button>`,
  )}</div></details>`;

/** Writes the page of one tab, or of the first where none has this id; the grid is filled by its script. */
function editPage(book: sheets_v4.Schema$Spreadsheet, gid: string, person: Html): PageParts {
  const tabs = book.sheets?.map(({ properties }) => properties) ?? [];
  const current = tabs.find((tab) => String(tab?.sheetId) === gid) ?? tabs[0];
  const id = book.spreadsheetId;
  return {
    title: `${current?.title}－${book.properties?.title}`,
    wide: true,
    scripts: ['/assets/revogrid/revo-grid.esm.js', '/assets/client/sheet.js'],
    body: html`<h1>${book.properties?.title}</h1>
      ${person}
      <nav class="bar tabs" aria-label="工作表">${tabs.map((tab) => html`<a href="?gid=${tab?.sheetId}"${tab === current && html` aria-current="page"`}>${tab?.title}</a>`)}</nav>
      <div class="bar" role="toolbar" aria-label="編輯">
        <button class="quiet" id="undo" type="button">復原</button>
        <button class="quiet" id="redo" type="button">重做</button>
        ${menu('列', [
          ['insert-row', '在選取列上方插入一列'],
          ['delete-row', '刪除選取列'],
        ])}
        ${menu('工作表', [
          ['add-tab', '新增工作表'],
          ['copy-tab', '複製這張工作表'],
          ['rename', '改名'],
          ['delete-tab', '刪除這張工作表'],
        ])}
        <span id="menu"></span>
        <label class="inline" hidden>篩選檢視 <select id="view"></select></label>
        <button class="quiet" id="clear-filter" type="button" hidden></button>
      </div>
      <p id="message" role="status"></p>
      <p class="help">點兩下或按 Enter 開始填寫，按 Esc 離開表格。</p>
      <div class="workspace"><div id="grid" data-spreadsheet="${id}" data-gid="${current?.sheetId}"></div>
        <div id="charts" hidden></div>
        <aside id="sidebar" class="card" aria-label="側邊欄" hidden></aside></div>
      <dialog id="dialog"></dialog>`,
  };
}

const ROLE_NAMES: Record<Role, string> = {
  owner: '擁有者',
  writer: '編輯者',
  commenter: '加註者',
  reader: '檢視者',
};

/** Who sits here, and who else could. */
function whoIsHere(drive: DriveService, id: string) {
  const me = drive.me().emailAddress;
  const others = asProgram(() => drive.permissions(id))
    .map(({ emailAddress }) => emailAddress ?? '')
    .filter((address) => address !== '' && address !== me);
  return html`<p class="help" id="person">您現在是 ${me}（${ROLE_NAMES[drive.role(id) ?? 'reader']}）。${others.map(
    (address) => html` <a href="?authuser=${encodeURIComponent(address)}">換成 ${address}</a>`,
  )}</p>`;
}

/** Answers with what the work gives, or 409 with the reason in words. */
function guard(response: Response, work: () => object) {
  try {
    response.json(work());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    response.status(409).json({ message: reasonOf(error.message) });
  }
}

function reasonOf(message: string): string {
  if (/does not have permission/u.test(message)) return '您只能檢視這份試算表，不能編輯。';
  if (/protected/u.test(message)) return LOCKED;
  if (/validation/u.test(message)) return INVALID;
  if (/already exists/u.test(message)) return SAME_TITLE;
  return /remove all the sheets/u.test(message) ? '至少要留一張工作表。' : message;
}

/** What a person did at once is one edit to Google, from its first cell to its last. */
function blockOf(edits: readonly Edit[]) {
  const [rows, columns] = [edits.map(({ row }) => row), edits.map(({ column }) => column)];
  const [row, column] = [Math.min(...rows), Math.min(...columns)];
  return { row, column, rows: Math.max(...rows) - row + 1, columns: Math.max(...columns) - column + 1 };
}
