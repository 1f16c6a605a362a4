import type { Express } from 'express';
import type { SheetsService } from 'google-on-this-machine';
import type { OfficeLinks } from '../office-links.ts';
import { approveWhenItComes } from './colleague.ts';
import type { SampleForms } from './sample-forms.ts';
import type { Step } from './tour-steps.ts';

/** Where each role begins. */
const ROLE_STEPS = new Map([
  ['teacher', 1],
  ['reviewer', 3],
  ['administrator', 4],
]);

export interface TourParts {
  samples: SampleForms;
  sheets: SheetsService;
  office(): OfficeLinks;
  steps(): Step[];
}

export function tourRoutes(app: Express, { samples, sheets, office, steps }: TourParts): void {
  app.get('/tour/:step', (request, response) => {
    const at = Number(request.params.step);
    const step = steps()[at - 1];
    response.set('Set-Cookie', `tour=${step ? at : ''}; Path=/; SameSite=Lax${step ? '' : '; Max-Age=0'}`);
    response.redirect(303, step?.path ?? '/');
  });
  app.post('/tour/role/:role', (request, response) => {
    const { tour } = office();
    const at = ROLE_STEPS.get(request.params.role) ?? 1;
    if (tour && at > 1) {
      samples.submit(tour.form, 'right');
      if (request.params.role === 'administrator') approveWhenItComes(sheets, tour);
    }
    response.redirect(303, `/tour/${at}`);
  });
}
