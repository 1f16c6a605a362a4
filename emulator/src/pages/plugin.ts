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
import { type Step, tourRoutes, type TourStops, tourSteps, tourStrip } from './tour.ts';

/** What the start page links to. */
export interface OfficeLinks {
  program: string;
  /** The office's time, as people read it. */
  now: string;
  forms: { title: string; formId: string }[];
  /** The way of one case through all roles; null where the program has no such way. */
  tour: TourStops | null;
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
    const steps = (): Step[] => {
      const { tour } = parts.office();
      return tour?.form ? tourSteps(tour, sheetPath(emulator)) : [];
    };
    app.use((request, response, next) => {
      response.locals.tour = () => tourStrip(request, steps());
      next();
    });
    tourRoutes(app, { forms: parts.forms, sheets: emulator.sheets, office: parts.office, steps });
    startPage(app, parts);
    formPages(app, parts.forms);
    sheetPages(app, emulator.sheets, parts.script);
    mailPages(app, parts.mailbox);
  };
}

/** A tab's page by the tab's title; the first tab where it was renamed. */
function sheetPath({ sheets }: Emulator) {
  return (id: string, title: string): string => {
    const tab = sheets.get(id).sheets?.find((each) => each.properties?.title === title);
    return `/spreadsheets/d/${id}/edit${tab ? `?gid=${tab.properties?.sheetId}` : ''}`;
  };
}
