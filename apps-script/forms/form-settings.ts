import { openForm } from './open-form.ts';
import type { FormMessages, Settings } from './settings.ts';

/** With two methods that the published types do not have yet. */
interface Form extends GoogleAppsScript.Forms.Form {
  isPublished(): boolean;
  setPublished(enabled: boolean): Form;
}

export interface FormsInOrder {
  /** Keys of the forms that are as they are to be. */
  inOrder: string[];
  /** Why others are not. */
  failures: string[];
}

/**
 * Sets what the Forms API cannot: without edits every correction link is dead, and a summary would show everybody's
 * answers to everybody. Only what differs is written; a form that fails holds up no other.
 */
export function restoreForms(settings: Settings): FormsInOrder {
  const result: FormsInOrder = { inOrder: [], failures: [] };
  for (const [formId, { key }] of Object.entries(settings.forms)) {
    try {
      restoreForm(openForm(formId) as Form, settings.messages[formId]);
      result.inOrder.push(key);
    } catch (error) {
      result.failures.push(`設定表單 ${key}：${String(error)}`);
    }
  }
  return result;
}

function restoreForm(form: Form, messages: FormMessages | undefined) {
  // The service opens and closes a form that is published. Publishing takes responses at once.
  if (!form.isPublished()) form.setPublished(true);
  if (!form.canEditResponse()) form.setAllowResponseEdits(true);
  if (form.isPublishingSummary()) form.setPublishingSummary(false);
  if (!messages) return;
  if (form.getConfirmationMessage() !== messages.confirmation)
    form.setConfirmationMessage(messages.confirmation);
  if (form.getCustomClosedFormMessage() !== messages.closed) form.setCustomClosedFormMessage(messages.closed);
}
