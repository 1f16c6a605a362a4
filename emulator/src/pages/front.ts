import type { Express } from 'express';
import type { DriveService } from '../drive/service.ts';
import { html } from './html.ts';
import { sendPage } from './layout.ts';

/** Where the documents are opened, by their kind. */
const PAGES: Record<string, (id: string) => string> = {
  'application/vnd.google-apps.form': (id) => `/forms/d/e/${id}/viewform`,
  'application/vnd.google-apps.spreadsheet': (id) => `/spreadsheets/d/${id}/edit`,
};

/** What lies in Drive and can be opened here. */
export function frontPage(app: Express, drive: DriveService): void {
  app.get('/', (_request, response) => {
    const { files = [] } = drive.list({
      q: 'trashed = false',
      orderBy: 'modifiedTime desc',
      pageSize: '1000',
    });
    const links = files.flatMap(({ id, name, mimeType }) => {
      const page = PAGES[mimeType ?? ''];
      return page && id ? [html`<li><a href="${page(id)}">${name}</a></li>`] : [];
    });
    const list =
      links.length > 0
        ? html`<ul>${links}</ul>`
        : html`<p>還沒有表單或試算表；由 API 建立之後，會列在這裡。</p>`;
    sendPage(response, { title: '雲端硬碟', body: html`<h1>雲端硬碟</h1><div class="card">${list}</div>` });
  });
}
