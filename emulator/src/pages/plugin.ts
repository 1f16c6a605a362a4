import type { FormsService } from '../forms/service.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { Emulator } from '../server.ts';

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
}

export function pagesPlugin(parts: PagesParts) {
  return ({ app }: Emulator): void => {
    app.get('/', (_request, response) => {
      response.json(parts.office());
    });
  };
}
