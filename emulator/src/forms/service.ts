import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import type { Clock } from '../../../contract/clock.ts';
import type { DriveService } from '../drive/service.ts';
import { invalid, notFound, unimplemented, unknownField } from '../errors.ts';
import type { Journal } from '../journal.ts';
import { type Answers, FormRefusal, refusalsOf } from './checks.ts';

export const FORM_TYPE = 'application/vnd.google-apps.form';

export interface FormResponse {
  responseId: string;
  createTime: string;
  lastSubmittedTime: string;
  answers: Answers;
  email: string;
  /** The secret of the edit link. */
  editKey: string;
}

interface StoredForm {
  form: forms_v1.Schema$Form & { formId: string };
  responses: Map<string, FormResponse>;
}

export interface Submitted {
  responseId: string;
  editUrl: string;
  createTime: string;
  lastSubmittedTime: string;
}

type Item = forms_v1.Schema$Item;

/** Forms in the JSON shapes of Forms v1, and the endpoint that a browser posts to. Emits `submit`. */
export class FormsService extends EventEmitter<{ submit: [{ formId: string; responseId: string }] }> {
  readonly #forms = new Map<string, StoredForm>();
  readonly #drive: DriveService;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #baseUrl: () => string;

  constructor(parts: { drive: DriveService; journal: Journal; clock: Clock; baseUrl: () => string }) {
    super();
    this.#drive = parts.drive;
    this.#journal = parts.journal;
    this.#clock = parts.clock;
    this.#baseUrl = parts.baseUrl;
    // A form is small beside its responses: its whole state is written down at each change.
    this.#journal.register('forms.put', (form: StoredForm['form']) => this.#put(form));
    this.#journal.register(
      'forms.response',
      ({ formId, response }: { formId: string; response: FormResponse }) => {
        this.#forms.get(formId)?.responses.set(response.responseId, response);
      },
    );
    this.#journal.register(
      'forms.response.deleted',
      ({ formId, responseId }: { formId: string; responseId: string }) => {
        this.#forms.get(formId)?.responses.delete(responseId);
      },
    );
  }

  /** As FormApp's deleteResponse: the edit link leads nowhere from now on. */
  deleteResponse(formId: string, responseId: string): void {
    this.response(formId, responseId);
    this.#form(formId).responses.delete(responseId);
    this.#journal.append('forms.response.deleted', { formId, responseId });
  }

  #put(form: StoredForm['form']) {
    const known = this.#forms.get(form.formId);
    this.#forms.set(form.formId, { form, responses: known?.responses ?? new Map() });
  }

  #save(form: StoredForm['form']): StoredForm['form'] {
    this.#put(form);
    this.#journal.append('forms.put', form);
    return form;
  }

  #form(formId: string): StoredForm {
    const stored = this.#forms.get(formId);
    if (!stored) throw notFound();
    return stored;
  }

  create(body: forms_v1.Schema$Form): forms_v1.Schema$Form {
    const extra = Object.keys(body).find((key) => key !== 'info' && key !== 'settings');
    if (extra) throw invalid('Only info.title can be set when creating a form.');
    if (!body.info?.title) throw invalid('The form must have a title.');
    const formId = randomBytes(22).toString('base64url');
    const form = this.#save({
      formId,
      info: { title: body.info.title, documentTitle: body.info.documentTitle ?? body.info.title },
      settings: { emailCollectionType: 'DO_NOT_COLLECT' },
      revisionId: revisionId(),
      responderUri: `${this.#baseUrl()}/forms/d/e/${formId}/viewform`,
      // A form made by API starts unpublished.
      publishSettings: { publishState: { isPublished: false, isAcceptingResponses: false } },
      items: [],
    });
    this.#drive.add({ id: formId, name: form.info?.documentTitle ?? '', mimeType: FORM_TYPE });
    return form;
  }

  get(formId: string): forms_v1.Schema$Form {
    return this.#form(formId).form;
  }

  batchUpdate(
    formId: string,
    body: forms_v1.Schema$BatchUpdateFormRequest,
  ): forms_v1.Schema$BatchUpdateFormResponse {
    const form = structuredClone(this.#form(formId).form);
    const replies = (body.requests ?? []).map((request, index) => applyRequest(form, request, index));
    form.revisionId = revisionId();
    this.#save(form);
    this.#drive.touch(formId);
    return {
      replies,
      writeControl: { requiredRevisionId: form.revisionId },
      ...(body.includeFormInResponse ? { form } : {}),
    };
  }

  setPublishSettings(formId: string, body: forms_v1.Schema$SetPublishSettingsRequest) {
    const form = structuredClone(this.#form(formId).form);
    form.publishSettings = { ...form.publishSettings, ...body.publishSettings };
    this.#save(form);
    return { formId, publishSettings: form.publishSettings };
  }

  /**
   * What the browser's post does: a new response, or a new revision of the one whose edit key is given.
   * @throws FormRefusal with a sentence per question
   */
  submit(formId: string, given: { answers: Answers; email?: string; editKey?: string }): Submitted {
    const { form, responses } = this.#form(formId);
    const state = form.publishSettings?.publishState;
    if (!state?.isPublished || !state.isAcceptingResponses)
      throw new FormRefusal([{ questionId: null, sentence: '這份表單目前不接受回應。' }]);
    const refusals = refusalsOf(form, given.answers);
    if (refusals.length > 0) throw new FormRefusal(refusals);
    const now = this.#clock.now().toISOString();
    const earlier = given.editKey ? this.#byEditKey(responses, given.editKey) : null;
    if (given.editKey && !earlier)
      throw new FormRefusal([{ questionId: null, sentence: '這個修改連結無效，請由收到的信件重新開啟。' }]);
    const response: FormResponse = {
      responseId: earlier?.responseId ?? randomBytes(24).toString('base64url'),
      editKey: earlier?.editKey ?? randomBytes(24).toString('base64url'),
      createTime: earlier?.createTime ?? now,
      lastSubmittedTime: now,
      answers: given.answers,
      email: given.email ?? '',
    };
    responses.set(response.responseId, response);
    this.#journal.append('forms.response', { formId, response });
    this.emit('submit', { formId, responseId: response.responseId });
    const { responseId, createTime, lastSubmittedTime } = response;
    return { responseId, createTime, lastSubmittedTime, editUrl: this.editUrl(formId, responseId) };
  }

  #byEditKey(responses: Map<string, FormResponse>, editKey: string): FormResponse | null {
    return [...responses.values()].find((response) => response.editKey === editKey) ?? null;
  }

  /** The answers that an edit link reopens. */
  reopen(formId: string, editKey: string): FormResponse | null {
    return this.#byEditKey(this.#form(formId).responses, editKey);
  }

  editUrl(formId: string, responseId: string): string {
    const { editKey } = this.response(formId, responseId);
    return `${this.#baseUrl()}/forms/d/e/${formId}/viewform?edit2=${editKey}`;
  }

  response(formId: string, responseId: string): FormResponse {
    const response = this.#form(formId).responses.get(responseId);
    if (!response) throw notFound();
    return response;
  }

  /** In the order of their last submission, as FormApp and the API give them. */
  responses(formId: string): FormResponse[] {
    return [...this.#form(formId).responses.values()].toSorted((a, b) =>
      a.lastSubmittedTime.localeCompare(b.lastSubmittedTime),
    );
  }
}

function revisionId(): string {
  return randomBytes(4).toString('hex').padStart(8, '0');
}

function applyRequest(
  form: forms_v1.Schema$Form,
  request: forms_v1.Schema$Request,
  index: number,
): forms_v1.Schema$Response {
  const items = (form.items ??= []);
  const at = (location: forms_v1.Schema$Location | undefined, size: number) => {
    const where = location?.index ?? 0;
    if (where < 0 || where > size)
      throw invalid(`Invalid requests[${index}]: location.index is out of range.`);
    return where;
  };
  if (request.createItem) {
    const item = withIds(request.createItem.item ?? {}, index);
    items.splice(at(request.createItem.location, items.length), 0, item);
    const questionId = item.questionItem?.question?.questionId;
    return { createItem: { itemId: item.itemId ?? '', ...(questionId ? { questionId: [questionId] } : {}) } };
  }
  if (request.updateItem) {
    const where = at(request.updateItem.location, items.length - 1);
    items[where] = { ...items[where], ...request.updateItem.item };
    return {};
  }
  if (request.deleteItem) {
    items.splice(at(request.deleteItem.location, items.length - 1), 1);
    return {};
  }
  if (request.moveItem) {
    const moved = items.splice(at(request.moveItem.originalLocation, items.length - 1), 1);
    items.splice(at(request.moveItem.newLocation, items.length), 0, ...moved);
    return {};
  }
  if (request.updateFormInfo) {
    const named = (request.updateFormInfo.updateMask ?? '').split(',');
    for (const key of ['title', 'description'] as const)
      if (named.includes(key) || named.includes('*'))
        form.info = { ...form.info, [key]: request.updateFormInfo.info?.[key] };
    return {};
  }
  if (request.updateSettings) {
    form.settings = { ...form.settings, ...request.updateSettings.settings };
    return {};
  }
  throw unknownField(Object.keys(request)[0] ?? '', `requests[${index}]`);
}

function withIds(item: Item, index: number): Item {
  const question = item.questionItem?.question;
  if (question?.fileUploadQuestion)
    throw invalid(`Invalid requests[${index}].createItem: Creating a file upload question is not supported.`);
  if (item.questionGroupItem) throw unimplemented('forms createItem questionGroupItem');
  const id = () => randomBytes(4).toString('hex');
  return {
    ...item,
    itemId: item.itemId ?? id(),
    ...(question
      ? {
          questionItem: {
            ...item.questionItem,
            question: { ...question, questionId: question.questionId ?? id() },
          },
        }
      : {}),
  };
}
