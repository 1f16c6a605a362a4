import { type FormsService, html, type PageAdditions, type SheetsService } from 'google-on-this-machine';
import type { OfficeLinks } from '../office-links.ts';
import { createSampleForms } from './sample-forms.ts';
import { startPage } from './start.ts';
import { tourStrip } from './tour.ts';
import { tourRoutes } from './tour-routes.ts';
import { tourSteps } from './tour-steps.ts';

export interface TrialPagesParts {
  forms: FormsService;
  sheets: SheetsService;
  office(): OfficeLinks;
}

/** What the trial adds to the emulator's pages: where to begin, a guided tour, sample people. */
export function trialPages({ forms, sheets, office }: TrialPagesParts): PageAdditions {
  const samples = createSampleForms(forms);
  const steps = () => {
    const { tour } = office();
    return tour?.form ? tourSteps(tour, sheetPath(sheets)) : [];
  };
  return {
    banner: (request) => tourStrip(request, steps()),
    routes(app) {
      startPage(app, { office, samples });
      tourRoutes(app, { samples, sheets, office, steps });
    },
    form: {
      above: (form, link) =>
        // The tour's samples fit only a form that asks for the class of certificate.
        form.items?.some((item) => item.title === '證書類別')
          ? html`<p class="bar">試用：<a href="${link({ fill: 'problems' })}">填入有錯的示範資料</a> <a href="${link({ fill: 'right' })}">填入正確的示範資料</a></p>`
          : null,
      fill(form, query) {
        const key = query.get('fill');
        return key ? samples.answers(form.formId ?? '', key) : null;
      },
      asksForFile: (title) => /掃描檔|佐證資料/u.test(title),
    },
  };
}

/** Links to a tab's page by the tab's title, or to the first tab where somebody renamed it. */
function sheetPath(sheets: SheetsService) {
  return (id: string, title: string): string => {
    const tab = sheets.get(id).sheets?.find((each) => each.properties?.title === title);
    return `/spreadsheets/d/${id}/edit${tab ? `?gid=${tab.properties?.sheetId}` : ''}`;
  };
}
