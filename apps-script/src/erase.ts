import type { ErasedResponse } from '../../contract/erasure-shape.ts';
import { eraseIntake } from './intake.ts';
import { fetchErasures } from './ping.ts';
import type { Settings } from './settings.ts';

/**
 * Deletes the responses of erased cases and empties their intake rows. The row is emptied last: it is the proof that
 * the response is gone, and what fails before it is tried again by the next sweep.
 */
export function eraseResponses(settings: Settings): void {
  const erased = fetchErasures(settings) ?? [];
  if (erased.length === 0) return;
  const gone = Object.entries(settings.forms).flatMap(([formId, { key }]) =>
    deleteFrom(
      formId,
      erased.filter((each) => each.form === key),
    ),
  );
  // A form that left the program is no longer known here: its responses are deleted by hand.
  const keys = Object.values(settings.forms).map(({ key }) => key);
  const unknown = erased.filter(({ form }) => keys.indexOf(form) < 0);
  eraseIntake(settings, [...gone, ...unknown]);
}

/** Deletes the responses from one form. @returns those that are no longer there */
function deleteFrom(formId: string, erased: ErasedResponse[]): ErasedResponse[] {
  if (erased.length === 0) return [];
  const gone: ErasedResponse[] = [];
  try {
    const form = FormApp.openById(formId);
    const present: Record<string, true> = {};
    for (const response of form.getResponses()) present[response.getId()] = true;
    for (const response of erased) {
      if (present[response.responseId]) form.deleteResponse(response.responseId);
      gone.push(response);
    }
  } catch (error) {
    // The form may be in the trash: its responses are tried again, and those of other forms need not wait.
    console.warn(`responses could not be deleted: ${String(error)}`);
  }
  return gone;
}
