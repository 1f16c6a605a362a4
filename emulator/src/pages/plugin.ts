import type { FormsService } from '../forms/service.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { ScriptRuntime } from '../script/runtime.ts';
import type { Emulator } from '../server.ts';
import { assetsRouter } from './assets.ts';
import { compressed } from './compress.ts';
import { formPages } from './form.ts';
import { mailPages } from './mail.ts';
import { sheetPages } from './sheet.ts';
import { startPage } from './start.ts';

/** What the start page links to. */
export interface OfficeLinks {
  program: string;
  /** The office's time, as people read it. */
  now: string;
  forms: { title: string; formId: string }[];
  spreadsheets: { title: string; spreadsheetId: string; role: string }[];
}

export interface PagesParts {
  forms: FormsService;
  mailbox: Mailbox;
  office(): OfficeLinks;
  /** The deployed script, for its menu; null before it is deployed. */
  script(): ScriptRuntime | null;
}

/** The pages that people open: forms, sheets, mailbox, and where to begin. */
export function pagesPlugin(parts: PagesParts) {
  return (emulator: Emulator): void => {
    const { app } = emulator;
    app.use(compressed, assetsRouter());
    startPage(app, parts);
    formPages(app, parts.forms);
    sheetPages(app, emulator.sheets, parts.script);
    mailPages(app, parts.mailbox);
  };
}
