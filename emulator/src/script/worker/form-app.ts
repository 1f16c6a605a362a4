import { call, enumeration, exception, service } from './call.ts';
import { makeDate } from './dates.ts';
import { currentRun, needScope, needScopeOfBound } from './run.ts';
import type { FormDescription, ItemDescription, ResponseDescription } from '../protocol.ts';

/** https://developers.google.com/apps-script/reference/forms/item-type */
const ITEM_TYPES = [
  'CHECKBOX',
  'CHECKBOX_GRID',
  'DATE',
  'DATETIME',
  'DURATION',
  'FILE_UPLOAD',
  'GRID',
  'IMAGE',
  'LIST',
  'MULTIPLE_CHOICE',
  'PAGE_BREAK',
  'PARAGRAPH_TEXT',
  'RATING',
  'SCALE',
  'SECTION_HEADER',
  'TEXT',
  'TIME',
  'VIDEO',
];
/** Answered or not, these stand among a response's items; others only where they were answered. */
const ALWAYS_ANSWERED = new Set(['TEXT', 'PARAGRAPH_TEXT', 'DATE', 'DATETIME', 'TIME', 'DURATION']);
/** How Apps Script says that a service of Google's failed. */
const SERVER_ERROR = "We're sorry, a server error occurred. Please wait a bit and try again.";
const SEVERAL = new Set(['CHECKBOX', 'FILE_UPLOAD']);

function itemOf(item: ItemDescription) {
  return service('Item', {
    getId: () => item.id,
    getTitle: () => item.title,
    getHelpText: () => item.helpText,
    getType: () => item.type,
    getIndex: () => item.index,
  });
}

function itemResponse(item: ItemDescription, answers: ResponseDescription['answers']) {
  const listOf = (questionId: string) => {
    const answer = answers[questionId] ?? [];
    return Array.isArray(answer) ? answer : [answer];
  };
  const first = (questionId: string) => listOf(questionId)[0];
  return service('ItemResponse', {
    getItem: () => itemOf(item),
    getResponse: () => {
      if (item.type === 'GRID') return item.questionIds.map((id) => first(id) ?? null);
      if (item.type === 'CHECKBOX_GRID')
        return item.questionIds.map((id) => (listOf(id).length > 0 ? listOf(id) : null));
      const id = item.questionIds[0] ?? '';
      return SEVERAL.has(item.type) ? listOf(id) : (first(id) ?? '');
    },
  });
}

/** Items in the order of the form, as FormApp gives them. */
function formResponse(form: FormDescription, response: ResponseDescription) {
  const answered = form.items.filter(
    (item) =>
      item.questionIds.length > 0 &&
      (ALWAYS_ANSWERED.has(item.type) ||
        item.questionIds.some((id) => (response.answers[id] ?? '').length > 0)),
  );
  return service('FormResponse', {
    getId: () => response.responseId,
    getTimestamp: () => makeDate(response.timestamp),
    getRespondentEmail: () => response.email,
    getEditResponseUrl: () => response.editUrl,
    getItemResponses: () => {
      if (response.unreadable) throw exception(SERVER_ERROR);
      return answered.map((item) => itemResponse(item, response.answers));
    },
    getResponseForItem: (item: { getId(): number }) => {
      const found = answered.find((each) => each.id === item.getId());
      return found ? itemResponse(found, response.answers) : null;
    },
  });
}

export function openForm(id: string) {
  const form = call<FormDescription>('forms.get', String(id));
  const { presentation } = form;
  const present = (change: Partial<FormDescription['presentation']>) => {
    call('forms.present', id, change);
    Object.assign(presentation, change);
  };
  const publish = (published: boolean, accepting: boolean) => {
    call('forms.publish', id, published, accepting);
    Object.assign(form, { isPublished: published, isAcceptingResponses: published && accepting });
  };
  return service('Form', {
    canEditResponse: () => presentation.allowResponseEdits,
    isPublishingSummary: () => presentation.publishingSummary,
    getConfirmationMessage: () => presentation.confirmationMessage,
    getCustomClosedFormMessage: () => presentation.customClosedFormMessage,
    isPublished: () => form.isPublished,
    collectsEmail: () => form.collectsEmail,
    setAllowResponseEdits(enabled: boolean) {
      present({ allowResponseEdits: Boolean(enabled) });
      return this;
    },
    setPublishingSummary(enabled: boolean) {
      present({ publishingSummary: Boolean(enabled) });
      return this;
    },
    setConfirmationMessage(message: string) {
      present({ confirmationMessage: String(message) });
      return this;
    },
    setCustomClosedFormMessage(message: string) {
      present({ customClosedFormMessage: String(message) });
      return this;
    },
    /** Publishing also begins to take responses. */
    setPublished(enabled: boolean) {
      publish(Boolean(enabled), Boolean(enabled));
      return this;
    },
    setAcceptingResponses(enabled: boolean) {
      if (enabled && !form.isPublished)
        throw exception('Cannot accept responses: the form is not published.');
      publish(form.isPublished, Boolean(enabled));
      return this;
    },
    setCollectEmail(collect: boolean) {
      call('forms.setCollectEmail', id, Boolean(collect));
      form.collectsEmail = Boolean(collect);
      return this;
    },
    getId: () => id,
    getTitle: () => form.title,
    getDescription: () => form.description,
    getPublishedUrl: () => form.publishedUrl,
    isAcceptingResponses: () => form.isAcceptingResponses,
    getItems: (type?: string) => form.items.filter((item) => !type || item.type === type).map(itemOf),
    getItemById: (itemId: number | string) => {
      const item = form.items.find((each) => each.id === Number(itemId));
      return item ? itemOf(item) : null;
    },
    getResponses: (since?: Date) =>
      call<ResponseDescription[]>('forms.responses', id, since ? since.toISOString() : null).map((response) =>
        formResponse(form, response),
      ),
    deleteResponse(responseId: string) {
      call('forms.deleteResponse', id, responseId);
      return this;
    },
    getResponse: (responseId: string) =>
      formResponse(form, call<ResponseDescription>('forms.response', id, responseId)),
  });
}

export const FormApp = service('FormApp', {
  openById: (id: string) => {
    needScope('FormApp.openById', 'forms');
    return openForm(id);
  },
  openByUrl: (url: string) => {
    const id = /\/forms\/d\/(?:e\/)?([\w-]+)/u.exec(String(url))?.[1];
    needScope('FormApp.openByUrl', 'forms');
    if (!id) throw exception('Invalid argument: url');
    return openForm(id);
  },
  getActiveForm: () => {
    needScopeOfBound('FormApp.getActiveForm', 'forms.currentonly', 'forms');
    const { container } = currentRun();
    return container?.kind === 'form' ? openForm(container.id) : null;
  },
  ItemType: enumeration('FormApp.ItemType', ITEM_TYPES),
});
