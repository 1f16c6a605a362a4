import type { Express, Request } from 'express';
import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import type { Answers } from '../forms/checks.ts';
import type { FormsService } from '../forms/service.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { Person } from '../people.ts';
import type { ScriptHost } from '../script/host.ts';
import type { Html } from './html.ts';

export interface PagesParts {
  forms: FormsService;
  /** Null where no mail server runs. */
  mailbox: Mailbox | null;
  /** Runs the scripts behind the menus. */
  scripts: ScriptHost;
  /** Who sits before a spreadsheet's page unless another is chosen there. */
  editor(spreadsheetId: string): Person;
  additions?: PageAdditions;
}

/** What whoever embeds the emulator adds to its pages. */
export interface PageAdditions {
  /** Adds routes; they come before the emulator's own. */
  routes?(app: Express): void;
  /** Shown above each page. */
  banner?(request: Request): Html | null;
  form?: FormAdditions;
}

export interface FormAdditions {
  /** Shown above the questions. `link` makes an address of this page with a query; it keeps the response being edited. */
  above?(form: forms_v1.Schema$Form, link: (query: Record<string, string>) => string): Html | null;
  /** Answers by question id that the page opens with; null: those of the response being edited, or none. */
  fill?(form: forms_v1.Schema$Form, query: URLSearchParams): Answers | null;
  /** Whether a text question offers to upload a file and takes its link: the API cannot make real upload questions. */
  asksForFile?(title: string): boolean;
}
