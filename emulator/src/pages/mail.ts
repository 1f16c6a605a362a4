import type { Express } from 'express';
import { type Attachment, simpleParser } from 'mailparser';
import { html } from './html.ts';
import type { Mailbox, ReceivedMail } from '../mailbox/mailbox.ts';
import { sendPage } from './layout.ts';

/** A machine without Chinese fonts shows the mail all the same. */
const FONT = '<base target="_top"><link rel="stylesheet" href="/assets/font.css">';

/** Every mail that was sent, as its reader sees it, as text and as source. */
export function mailPages(app: Express, mailbox: Mailbox): void {
  app.get('/mailbox', (_request, response) => {
    const mails = mailbox.messages().toReversed().slice(0, 500);
    const rows = mails.map(
      (mail) =>
        html`<tr><td>${timeOf(mail)}</td><td>${mail.to}</td><td><a href="/mailbox/${mail.id}">${mail.subject}</a></td></tr>`,
    );
    sendPage(response, {
      title: '信箱',
      scripts: ['/assets/client/mailbox.js'],
      body: html`<h1>信箱</h1><p id="count" role="status">系統寄出的信都在這裡，新的信會自動出現，共 ${mailbox.messages().length} 封。</p>
        <table class="mails"><thead><tr><th scope="col">時間</th><th scope="col">收件人</th><th scope="col">主旨</th></tr></thead><tbody>${rows}</tbody></table>`,
    });
  });
  app.get('/mailbox/events', (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': open\n\n');
    const stop = mailbox.onMail(() => response.write('data: mail\n\n'));
    request.on('close', stop);
  });
  const find = (id: string | undefined) => mailbox.messages().find((each) => String(each.id) === id);
  app.get('/mailbox/:id', async (request, response) => {
    const mail = find(request.params.id);
    if (!mail) {
      sendPage(response.status(404), { title: '沒有這封信', body: html`<h1>沒有這封信</h1>` });
      return;
    }
    const view = String(request.query.view ?? 'html');
    const link = (key: string, label: string) =>
      html`<a href="?view=${key}"${view === key && html` aria-current="page"`}>${label}</a>`;
    const attachments = await attachmentsOf(mail);
    const files = attachments.filter(({ related }) => !related);
    sendPage(response, {
      title: mail.subject,
      body: html`<p><a href="/mailbox">← 回信箱</a></p><h1>${mail.subject}</h1><p>${timeOf(mail)}　收件人：${mail.to}</p>
        ${files.length > 0 && html`<p>附件：${files.map((file) => html`<a href="/mailbox/${mail.id}/files/${attachments.indexOf(file)}">${file.filename}</a>　`)}</p>`}
        <nav class="bar tabs" aria-label="檢視方式">${link('html', '網頁')}${link('text', '純文字')}${link('source', '原始碼')}</nav>
        ${viewOf(mail, view, attachments)}`,
    });
  });
  app.get('/mailbox/:id/files/:index', async (request, response, next) => {
    const mail = find(request.params.id);
    const file = mail && (await attachmentsOf(mail))[Number(request.params.index)];
    if (!file) return next();
    response.attachment(file.filename).type(file.contentType).send(file.content);
  });
}

async function attachmentsOf(mail: ReceivedMail): Promise<Attachment[]> {
  return (await simpleParser(mail.source, { skipImageLinks: true })).attachments;
}

function viewOf(mail: ReceivedMail, view: string, attachments: readonly Attachment[]) {
  if (view === 'text') return html`<pre class="mail" tabindex="0">${mail.text}</pre>`;
  if (view === 'source') return html`<pre class="mail" tabindex="0">${mail.source}</pre>`;
  // Shows pictures that came along where the text names them, as a mail reader does.
  const shown = attachments.reduce(
    (text, { cid, contentType, content }) =>
      cid ? text.replaceAll(`cid:${cid}`, `data:${contentType};base64,${content.toString('base64')}`) : text,
    mail.html,
  );
  // Shows the mail in a sandbox, since it may hold what anybody typed.
  return html`<iframe class="mail" title="信件內容" sandbox="allow-popups allow-top-navigation-by-user-activation" srcdoc="${FONT}${shown}"></iframe>`;
}

/** Writes the time as a mail reader does: 4月21日 週二 上午9:00. */
function timeOf(mail: ReceivedMail): string {
  return new Date(mail.receivedAt).toLocaleString('zh-TW', {
    timeZone: 'Asia/Taipei',
    month: 'long',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: '2-digit',
  });
}
