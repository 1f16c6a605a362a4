import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import type { Clock } from '../clock.ts';
import { callerLacksPermission, type Role, suffices } from '../drive/access.ts';
import type { DocumentKind, DriveService } from '../drive/service.ts';
import { invalid, notFound } from '../errors.ts';
import type { Journal } from '../journal.ts';
import { actingPerson, asProgram } from '../people.ts';
import { type Answers, FormRefusal, refusalsOf } from './checks.ts';
import { questionsOf } from './items.ts';
import { PLAIN, type Presentation } from './presentation.ts';
import { maskPaths, withoutDefaults, writePaths } from './proto.ts';
import { applyRequest } from './requests.ts';

export const FORM_TYPE = 'application/vnd.google-apps.form';
/** What Drive calls a form whose creator names only its title. */
const UNTITLED = 'Untitled form';

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
  form: forms_v1.Schema$Form & { formId: string; presentation?: Presentation };
  responses: Map<string, FormResponse>;
}

/** What stands between a person and a form's questions. */
export type Door = 'open' | 'sign-in' | 'no-access' | 'unpublished' | 'closed';

export interface Submitted {
  responseId: string;
  editUrl: string;
  createTime: string;
  lastSubmittedTime: string;
}

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
    this.#drive.keeps(FORM_TYPE, this.#kind());
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

  /** Deletes as FormApp's deleteResponse does, so that the edit link leads nowhere from now on. */
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
    if (!stored || !this.#drive.has(formId)) throw notFound();
    return stored;
  }

  /** @throws ApiError where the acting person may not do with the form's own file what they want */
  #reach(formId: string, needed: Role): StoredForm {
    const stored = this.#form(formId);
    if (this.#drive.hides(formId)) throw notFound();
    if (!suffices(this.#drive.role(formId), needed)) throw callerLacksPermission();
    return stored;
  }

  has(formId: string): boolean {
    return this.#forms.has(formId) && this.#drive.has(formId);
  }

  create(body: forms_v1.Schema$Form, published = false): forms_v1.Schema$Form {
    const { title, documentTitle, ...more } = body.info ?? {};
    if (Object.keys(body).some((key) => key !== 'info') || Object.keys(more).length > 0)
      throw invalid(
        'Only info.title can be set when creating a form. To add items and change settings, use batchUpdate.',
      );
    if (!title) throw invalid('The form must have a title.');
    if (title.includes('\n')) throw invalid('Displayed text cannot contain newlines');
    return this.#make({ info: { title } }, documentTitle ?? UNTITLED, published);
  }

  /** Without `published` a form made by API starts unpublished. */
  #make(content: Partial<StoredForm['form']>, name: string, published = false): forms_v1.Schema$Form {
    const formId = randomBytes(22).toString('base64url');
    this.#save({
      settings: { emailCollectionType: 'DO_NOT_COLLECT' },
      items: [],
      ...content,
      formId,
      revisionId: nextRevision(null),
      responderUri: `${this.#baseUrl()}/forms/d/e/${formId}/viewform`,
      publishSettings: { publishState: { isPublished: published, isAcceptingResponses: published } },
    });
    this.#drive.add({ id: formId, name, mimeType: FORM_TYPE });
    return this.get(formId);
  }

  #kind(): DocumentKind {
    return {
      create: (name) => this.#make({ info: { title: name } }, name).formId ?? '',
      copy: (id, name) => {
        // Questions for files go with it, too, which no API and no script can make.
        const { info, settings, items, presentation } = structuredClone(this.#form(id).form);
        const content = { info: info ?? {}, settings: settings ?? {}, items: items ?? [] };
        return this.#make({ ...content, ...(presentation ? { presentation } : {}) }, name).formId ?? '';
      },
      // The document's title is Drive's; the one that respondents see stays.
      rename: () => {},
      text: (id) =>
        JSON.stringify([this.#form(id).form.info, this.#form(id).form.items]).replaceAll(
          /[^\p{L}\p{N}]+/gu,
          ' ',
        ),
      exports: {},
    };
  }

  /** The form as the API writes it. */
  get(formId: string): forms_v1.Schema$Form {
    const { info, presentation: _, ...form } = this.#reach(formId, 'reader').form;
    const documentTitle = this.#drive.get(formId).name ?? '';
    return withoutDefaults({ ...form, info: { ...info, documentTitle } });
  }

  /** The form as whoever answers it sees it, whatever they may do with its file. */
  shown(formId: string): forms_v1.Schema$Form {
    const { presentation: _, ...form } = this.#form(formId).form;
    return withoutDefaults(form);
  }

  presentation(formId: string): Presentation {
    return { ...PLAIN, ...this.#form(formId).form.presentation };
  }

  /** What FormApp's setters do. */
  present(formId: string, change: Partial<Presentation>): void {
    const { form } = this.#reach(formId, 'writer');
    this.#save({ ...form, presentation: { ...this.presentation(formId), ...change } });
  }

  setCollectEmail(formId: string, collect: boolean): void {
    const { form } = this.#reach(formId, 'writer');
    const emailCollectionType = collect ? 'VERIFIED' : 'DO_NOT_COLLECT';
    this.#save({ ...form, settings: { ...form.settings, emailCollectionType } });
  }

  /** Adds what only a person can make, in the form's own editor: a question for files. */
  addByHand(formId: string, item: forms_v1.Schema$Item): void {
    const { form } = this.#reach(formId, 'writer');
    this.#save({ ...form, items: [...(form.items ?? []), structuredClone(item)] });
  }

  /** What the acting person meets at the responder's link. */
  door(formId: string): Door {
    const { form } = this.#form(formId);
    const person = actingPerson();
    const { isPublished, isAcceptingResponses } = form.publishSettings?.publishState ?? {};
    if (!isPublished) return 'unpublished';
    const mustSignIn = asksForFiles(form) || form.settings?.emailCollectionType === 'VERIFIED';
    if (person === null && mustSignIn) return 'sign-in';
    if (!this.#drive.mayRespond(formId)) return person === null ? 'sign-in' : 'no-access';
    return isAcceptingResponses ? 'open' : 'closed';
  }

  batchUpdate(
    formId: string,
    body: forms_v1.Schema$BatchUpdateFormRequest,
  ): forms_v1.Schema$BatchUpdateFormResponse {
    const form = structuredClone(this.#reach(formId, 'writer').form);
    if (!body.requests?.length) throw invalid('Must specify at least one request.');
    checkRevision(form, body.writeControl);
    const replies = body.requests.map((request, index) => applyRequest(form, request, index));
    form.revisionId = nextRevision(form.revisionId);
    this.#save(form);
    this.#drive.touch(formId);
    return {
      ...(body.includeFormInResponse ? { form: this.get(formId) } : {}),
      replies,
      writeControl: { requiredRevisionId: form.revisionId },
    };
  }

  setPublishSettings(formId: string, body: forms_v1.Schema$SetPublishSettingsRequest) {
    const form = structuredClone(this.#reach(formId, 'writer').form);
    const paths = maskPaths(body.updateMask ?? '*');
    if (paths.some((path) => path !== '*' && !/^publishState(\.\w+)?$/u.test(path)))
      throw invalid(`Invalid field mask: ${body.updateMask}`);
    const { isPublished = false, isAcceptingResponses = false } =
      writePaths(form.publishSettings ?? {}, body.publishSettings ?? {}, paths).publishState ?? {};
    // What is not published takes no responses.
    form.publishSettings = {
      publishState: { isPublished, isAcceptingResponses: isPublished && isAcceptingResponses },
    };
    this.#save(form);
    return withoutDefaults({ formId, publishSettings: form.publishSettings });
  }

  /**
   * What the browser's post does: a new response, or a new revision of the one whose edit key is given.
   * @throws FormRefusal with a sentence per question
   */
  submit(formId: string, given: { answers: Answers; email?: string; editKey?: string }): Submitted {
    const { form, responses } = this.#form(formId);
    const door = this.door(formId);
    if (door === 'sign-in' || door === 'no-access') throw callerLacksPermission();
    if (door !== 'open') throw refusal('這份表單目前不接受回應。');
    if (given.editKey && !this.presentation(formId).allowResponseEdits) throw refusal(NO_EDITS);
    const refusals = refusalsOf(form, given.answers);
    if (refusals.length > 0) throw new FormRefusal(refusals);
    const now = this.#clock.now().toISOString();
    const earlier = given.editKey ? this.#byEditKey(responses, given.editKey) : null;
    if (given.editKey && !earlier) throw refusal('這個修改連結無效，請由收到的信件重新開啟。');
    const response: FormResponse = {
      responseId: earlier?.responseId ?? randomBytes(24).toString('base64url'),
      editKey: earlier?.editKey ?? randomBytes(24).toString('base64url'),
      createTime: earlier?.createTime ?? now,
      lastSubmittedTime: now,
      answers: given.answers,
      email: emailOf(form, given.email),
    };
    responses.set(response.responseId, response);
    this.#journal.append('forms.response', { formId, response });
    asProgram(() => this.emit('submit', { formId, responseId: response.responseId }));
    const { responseId, createTime, lastSubmittedTime } = response;
    return { responseId, createTime, lastSubmittedTime, editUrl: this.editUrl(formId, responseId) };
  }

  #byEditKey(responses: Map<string, FormResponse>, editKey: string): FormResponse | null {
    return [...responses.values()].find((response) => response.editKey === editKey) ?? null;
  }

  /** The answers that an edit link reopens; null where it leads nowhere. */
  reopen(formId: string, editKey: string): FormResponse | null {
    if (!this.presentation(formId).allowResponseEdits) return null;
    return this.#byEditKey(this.#form(formId).responses, editKey);
  }

  editUrl(formId: string, responseId: string): string {
    const { editKey = '' } = this.#form(formId).responses.get(responseId) ?? {};
    return `${this.#baseUrl()}/forms/d/e/${formId}/viewform?edit2=${editKey}`;
  }

  response(formId: string, responseId: string): FormResponse {
    const response = this.#reach(formId, 'writer').responses.get(responseId);
    if (!response) throw notFound();
    return response;
  }

  /** In the order of their last submission, as FormApp and the API give them. */
  responses(formId: string): FormResponse[] {
    return [...this.#reach(formId, 'writer').responses.values()].toSorted((a, b) =>
      a.lastSubmittedTime.localeCompare(b.lastSubmittedTime),
    );
  }
}

const NO_EDITS = '表單擁有者沒有開放修改回應。';
const refusal = (sentence: string) => new FormRefusal([{ questionId: null, sentence }]);

/** Google notes an address only where the form collects it: the account's own, or what the respondent gives. */
function emailOf({ settings }: forms_v1.Schema$Form, given = ''): string {
  if (settings?.emailCollectionType === 'VERIFIED') return actingPerson() ?? given;
  return settings?.emailCollectionType === 'RESPONDER_INPUT' ? given : '';
}

const asksForFiles = ({ items = [] }: forms_v1.Schema$Form) =>
  items.some((item) => questionsOf(item).some(({ fileUploadQuestion }) => fileUploadQuestion));

/** Revisions count up, so that one which this form never had can be told. */
function nextRevision(before: string | null | undefined): string {
  return (Number.parseInt(before ?? '1', 16) + 1).toString(16).padStart(8, '0');
}

/** @throws ApiError where the writer did not see the form as it is */
function checkRevision(form: forms_v1.Schema$Form, control: forms_v1.Schema$WriteControl | undefined) {
  const { requiredRevisionId: required, targetRevisionId: target } = control ?? {};
  if (required && required !== form.revisionId)
    throw invalid(`The required revision ID '${required}' does not match the latest revision.`);
  const known = target ? Number.parseInt(target, 16) <= Number.parseInt(form.revisionId ?? '', 16) : true;
  if (!known) throw invalid(`The target revision ID '${target}' is not a revision of this form.`);
}
