import { randomBytes } from 'node:crypto';
import type { Express } from 'express';

const MAX_FILE = 10_000_000;

/** Files that the form's page uploads, kept in memory: a question for files takes their ids, a text their links. */
export function uploads(app: Express): void {
  const files = new Map<string, { name: string; type: string; content: Buffer }>();
  app.post('/files', (request, response) => {
    const { name, type, content }: { name?: string; type?: string; content?: string } = request.body;
    const bytes = Buffer.from(content ?? '', 'base64');
    if (bytes.length === 0 || bytes.length > MAX_FILE) {
      response.status(400).json({ message: '檔案須小於 10 MB。' });
      return;
    }
    const id = randomBytes(18).toString('base64url');
    files.set(id, { name: name ?? 'file', type: type ?? '', content: bytes });
    response.json({ id, url: `${request.protocol}://${request.get('host')}/files/${id}` });
  });
  app.get('/files/:id', (request, response, next) => {
    const file = files.get(request.params.id);
    if (!file) return next();
    // Is always downloaded and never shown in place, since an uploaded file must not run as a page of ours.
    response.attachment(file.name).type('application/octet-stream').send(file.content);
  });
}
