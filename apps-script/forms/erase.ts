import type { ErasedResponse } from '../../contract/erasure-shape.ts';
import { eraseIntake } from './intake.ts';
import { fetchErasures } from './ping.ts';
import type { Settings } from './settings.ts';

/**
 * Deletes the responses of erased cases and empties their intake rows. The row is emptied last: it is the proof that
 * the response is gone, and what fails before it is tried again by the next sweep.
 * @returns why some could not be deleted
 * @throws Error where the service does not say which
 */
export function eraseResponses(settings: Settings): string[] {
  const erased = fetchErasures(settings);
  if (erased.length === 0) return [];
  const failures: string[] = [];
  const gone = Object.entries(settings.forms).flatMap(([formId, { key }]) => {
    try {
      return deleteFrom(
        formId,
        erased.filter((each) => each.form === key),
      );
    } catch (error) {
      // The form may be in the trash. Its responses are tried again later, so that other forms need not wait.
      failures.push(`${key}：${String(error)}`);
      return [];
    }
  });
  // A form that left the program is no longer known here: its responses are deleted by hand.
  const keys = Object.values(settings.forms).map(({ key }) => key);
  const unknown = erased.filter(({ form }) => keys.indexOf(form) < 0);
  eraseIntake(settings, [...gone, ...unknown]);
  return failures;
}

/** Deletes the responses from one form. @returns those that are no longer there */
function deleteFrom(formId: string, erased: ErasedResponse[]): ErasedResponse[] {
  if (erased.length === 0) return [];
  const form = FormApp.openById(formId);
  const present: Record<string, true> = {};
  for (const response of form.getResponses()) present[response.getId()] = true;
  for (const response of erased) if (present[response.responseId]) form.deleteResponse(response.responseId);
  return erased;
}
