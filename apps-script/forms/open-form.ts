type Form = GoogleAppsScript.Forms.Form;

const opened: Record<string, Form> = {};

/**
 * Opens a form once a run, for the sweep's responses as for its settings: each opening is a request, and Google stops
 * all triggers for the day once they have run too long.
 */
export function openForm(formId: string): Form {
  return (opened[formId] ??= FormApp.openById(formId));
}
