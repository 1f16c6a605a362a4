import type { Response } from 'express';
import { type Html, html } from './html.ts';

export interface PageParts {
  title: string;
  body: Html;
  /** Paths of client scripts. */
  scripts?: string[];
  /** The main part takes the whole window. */
  wide?: boolean;
}

/** One page with the site's header; everything in it is escaped unless it is HTML itself. */
export function sendPage(response: Response, { title, body, scripts = [], wide = false }: PageParts): void {
  const document = html`<!doctype html>
<html lang="zh-Hant-TW">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/assets/font.css">
<link rel="stylesheet" href="/assets/pages.css">
${scripts.map((path) => html`<script type="module" src="${path}"></script>`)}
</head>
<body${wide && html` class="wide"`}>
<header><nav aria-label="主選單"><a href="/">起始頁</a> <a href="/mailbox">信箱</a></nav></header>
${(response.locals.tour as (() => Html | '') | undefined)?.()}
<main>${body}</main>
</body>
</html>`;
  response.type('html').send(document.text);
}
