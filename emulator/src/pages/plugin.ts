import type { Emulator } from '../server.ts';
import { assetsRouter } from './assets.ts';
import { compressed } from './compress.ts';
import { formPages } from './form/pages.ts';
import { frontPage } from './front.ts';
import { surround } from './layout.ts';
import { mailPages } from './mail.ts';
import type { PagesParts } from './parts.ts';
import { signInPage } from './people.ts';
import { sheetPages } from './sheet/pages.ts';

/** The pages that people open: forms, sheets, mailbox, and where to begin. */
export function pagesPlugin(parts: PagesParts) {
  return ({ app, drive, sheets }: Emulator): void => {
    app.use(compressed, assetsRouter(), surround(parts));
    parts.additions?.routes?.(app);
    frontPage(app, drive);
    formPages(app, parts);
    sheetPages(app, { sheets, drive }, parts);
    signInPage(app);
    if (parts.mailbox) mailPages(app, parts.mailbox);
  };
}
