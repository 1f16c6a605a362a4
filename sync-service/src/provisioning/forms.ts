import { admitResponders, setAccepting } from './form-doors.ts';
import type { Google } from '../google/client.ts';
import { findByTitle, markFile, type OwnFile } from '../google/files.ts';
import { contactOf } from '../cases/contacts.ts';
import type { Program } from '../cases/program-rules.ts';
import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';

type Form = Program['forms'][number];
type Field = Form['fields'][number];

const OPTIONAL = '（選填）';

interface FormContext {
  google: Google;
  program: Program;
}

/**
 * Finds a form that an earlier attempt made, or makes it; publishes it, and lets the program's responders in. It is
 * marked once all questions are in it, so that one that is found is whole: one that was cut off before is never
 * published, and another is made. Only the address is required in Google's sense: without it nobody could be
 * answered. Of everything else the service names every problem of an entry at once, in one mail, where the form would
 * stop at the first.
 */
export async function createForm(context: FormContext, form: Form) {
  const { google, program } = context;
  const file = formFile(program, form);
  const { own } = await findByTitle(google, file);
  const id = own[0] ?? (await makeForm(context, form));
  const marked = own.length > 0 || (await markFile(google, id, file)) === null;
  await setAccepting(google, id, true);
  await admitResponders(google, id, program);
  return { id, data: await readForm(google, form, id), marked };
}

/** What the form is to its office in Drive. */
export function formFile({ key: program }: Pick<Program, 'key'>, { key, title }: Form): OwnFile {
  return { program, role: `form:${key}`, title, kind: 'form' };
}

async function makeForm({ google, program }: FormContext, form: Form): Promise<string> {
  const created = await google.call(
    'forms.create',
    () =>
      google.forms.forms.create({ requestBody: { info: { title: form.title, documentTitle: form.title } } }),
    { unsafe: true },
  );
  const formId = created.formId as string;
  const requests = formRequests(program, form);
  await google.call(
    'forms.batchUpdate',
    () => google.forms.forms.batchUpdate({ formId, requestBody: { requests } }),
    { unsafe: true },
  );
  return formId;
}

/** What the ledger remembers of a form: which item asks for which field, and its address. */
export async function readForm(google: Google, form: Form, formId: string) {
  const { items, responderUri } = await google.call('forms.get', () => google.forms.forms.get({ formId }));
  const fields = formFields(form, items?.map((item) => [item.itemId ?? '', item.title ?? '']) ?? []);
  return { fields, url: responderUri ?? '' };
}

/** What is asked of Google for one form: the text above the questions, and each question. */
export function formRequests(program: Pick<Program, 'contacts'>, form: Form): forms_v1.Schema$Request[] {
  return [
    { updateFormInfo: { info: { description: descriptionOf(program, form) }, updateMask: 'description' } },
    ...form.fields.map((field, index) => ({
      createItem: { location: { index }, item: formItem(field) },
    })),
  ];
}

/** Which item asks for which field: by item for Apps Script, by title where somebody rebuilt the form by hand. */
export function formFields(form: Form, items: [id: string, title: string][]): Record<string, string> {
  const fields = Object.fromEntries(form.fields.map((field) => [field.title, field.key]));
  return {
    ...Object.fromEntries(items.flatMap(([id, title]) => (id && fields[title] ? [[id, fields[title]]] : []))),
    ...fields,
  };
}

function formItem(field: Field): forms_v1.Schema$Item {
  // Few questions are required in Google's sense, so no asterisk tells which may be left out.
  const help = [field.required ? '' : OPTIONAL, field.help ?? ''].join('');
  return {
    title: field.title,
    ...(help ? { description: help } : {}),
    questionItem: { question: { required: isNeededAtAll(field), ...question(field) } },
  };
}

function isNeededAtAll({ key, required }: Field): boolean {
  return required && key === 'email';
}

function question(field: Field): forms_v1.Schema$Question {
  if (field.options?.length) {
    const type = field.type === 'consent' ? 'CHECKBOX' : 'RADIO';
    return { choiceQuestion: { type, options: field.options.map(({ value }) => ({ value })) } };
  }
  return { textQuestion: { paragraph: field.type === 'paragraph' } };
}

/** What stands above the first question: whom the form is for, what is collected, and whom to ask. */
function descriptionOf(program: Pick<Program, 'contacts'>, form: Form): string {
  const contact = contactOf(program, form.contact);
  return [
    form.description,
    '除標示「選填」的題目以外，請每一題都填。',
    privacyText(form.privacyNotice),
    contact && `【聯絡窗口】\n${contact.office}，電話 ${contact.phone}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Says the six items of article 8 before the first question. */
function privacyText(notice: Form['privacyNotice']): string {
  return [
    '【個人資料蒐集告知】',
    `一、蒐集機關：${notice.office}`,
    `二、蒐集目的：${notice.purpose}`,
    `三、資料類別：${notice.classes}`,
    `四、利用期間、地區、對象及方式：${notice.use}`,
    `五、當事人權利：${notice.rights}`,
    `六、不提供之影響：${notice.consequence}`,
  ].join('\n');
}
