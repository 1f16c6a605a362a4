import type { RequestHandler, Response } from 'express';
import { asProgram } from '../people.ts';
import { type Html, html } from './html.ts';
import type { PagesParts } from './parts.ts';

export interface PageParts {
  title: string;
  body: Html;
  /** Paths of client scripts. */
  scripts?: string[];
  /** The main part takes the whole window. */
  wide?: boolean;
}

interface Surroundings {
  hasMailbox: boolean;
  banner: Html | null;
}

/** Tells each page of a request what stands around it. */
export function surround({ mailbox, additions }: PagesParts): RequestHandler {
  return (request, response, next) => {
    response.locals.surroundings = (): Surroundings => ({
      hasMailbox: mailbox !== null,
      banner: asProgram(() => additions?.banner?.(request) ?? null),
    });
    next();
  };
}

/** Draws a page with the site's header; everything in it is escaped unless it is HTML itself. */
export function sendPage(response: Response, { title, body, scripts = [], wide = false }: PageParts): void {
  const { hasMailbox, banner }: Surroundings = response.locals.surroundings();
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
<header><nav aria-label="主選單"><a href="/">起始頁</a>${hasMailbox && html` <a href="/mailbox">信箱</a>`}</nav></header>
${banner}
<main>${body}</main>
</body>
</html>`;
  response.type('html').send(document.text);
}
