import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formsPlugin } from '../../emulator/src/forms/plugin.ts';
import type { FormsService } from '../../emulator/src/forms/service.ts';
import { pagesPlugin } from '../../emulator/src/pages/plugin.ts';
import { scriptPlugin } from '../../emulator/src/script/plugin.ts';
import { type OpenGoogle, openGoogle } from './open-google.ts';

let google: OpenGoogle;
let forms: FormsService;
beforeAll(async () => {
  google = await openGoogle({
    plugins: [
      (opened) => {
        forms = formsPlugin(opened);
        pagesPlugin({ forms, mailbox: null, scripts: scriptPlugin(opened, forms), editor: () => null })(
          opened,
        );
      },
    ],
  });
});
afterAll(() => google.close());

const share = (formId: string, body: object) =>
  google.ask('POST', `/drive/v3/files/${formId}/permissions?sendNotificationEmail=false&fields=*`, body);
const publish = (formId: string, publishState: object) =>
  google.ask('POST', `/v1/forms/${formId}:setPublishSettings`, { publishSettings: { publishState } });
const OPEN = { isPublished: true, isAcceptingResponses: true };

/** A published form with one question, shared with nobody. */
async function makeForm(): Promise<{ formId: string; questionId: string }> {
  const { formId } = (await google.ask('POST', '/v1/forms', { info: { title: '調查' } })).body;
  const item = { title: '姓名', questionItem: { question: { textQuestion: {} } } };
  const { body } = await google.ask('POST', `/v1/forms/${formId}:batchUpdate`, {
    requests: [{ createItem: { item, location: { index: 0 } } }],
  });
  await publish(formId, OPEN);
  return { formId, questionId: body.replies[0].createItem.questionId[0] };
}

/** What a person meets at the responder's link: the status, and where they are sent. */
const visit = async (formId: string, person = '-', page = 'viewform') => {
  const address = `${google.emulator.url}/forms/d/e/${formId}/${page}?authuser=${person}`;
  const response = await fetch(address, { redirect: 'manual' });
  const text = await response.text();
  return { status: response.status, to: response.headers.get('location')?.split('?')[0] ?? '', text };
};
const send = (formId: string, answers: object, headers: Record<string, string> = {}, more: object = {}) =>
  google.ask('POST', `/forms/d/e/${formId}/formResponse`, { answers, ...more }, headers);

describe('a published form', () => {
  it('sends everybody to sign in, and whoever is signed in away, until it has responders', async () => {
    const { formId, questionId } = await makeForm();
    expect(await visit(formId)).toMatchObject({ status: 302, to: '/ServiceLogin' });
    expect((await visit(formId, 'teacher@example.edu.tw')).status).toBe(403);
    expect((await send(formId, { [questionId]: '王' })).status).toBe(403);
    await share(formId, { type: 'domain', domain: 'example.edu.tw', role: 'reader', view: 'published' });
    expect((await visit(formId, 'teacher@example.edu.tw')).status).toBe(200);
    expect((await visit(formId, 'other@example.com')).status).toBe(403);
    expect((await visit(formId)).status).toBe(302);
    await share(formId, { type: 'anyone', role: 'reader', view: 'published' });
    expect((await visit(formId)).status).toBe(200);
    expect((await send(formId, { [questionId]: '王' })).status).toBe(200);
  });

  it('opens nothing but the form to its responders: a permission without view opens its file instead', async () => {
    const { formId } = await makeForm();
    await share(formId, { type: 'anyone', role: 'reader', view: 'published' });
    const stranger = { authorization: 'Bearer stranger@example.com' };
    const read = () => google.ask('GET', `/v1/forms/${formId}`, undefined, stranger);
    expect((await read()).status).toBe(403);
    expect((await google.ask('GET', `/drive/v3/files/${formId}`, undefined, stranger)).status).toBe(404);
    const other = await makeForm();
    await share(other.formId, { type: 'anyone', role: 'reader' });
    expect((await google.ask('GET', `/v1/forms/${other.formId}`, undefined, stranger)).status).toBe(200);
    expect((await visit(other.formId)).to).toBe('/ServiceLogin');
  });

  it('lists its responders only where the view is asked for', async () => {
    const { formId } = await makeForm();
    const made = await share(formId, { type: 'anyone', role: 'reader', view: 'published' });
    expect(made.body).toMatchObject({
      id: 'anyoneWithLink',
      type: 'anyone',
      role: 'reader',
      view: 'published',
    });
    const list = async (query: string) =>
      (await google.ask('GET', `/drive/v3/files/${formId}/permissions?fields=permissions(type,view)${query}`))
        .body;
    expect(await list('')).toEqual({ permissions: [{ type: 'user' }] });
    expect(await list('&includePermissionsForView=published')).toEqual({
      permissions: [{ type: 'user' }, { type: 'anyone', view: 'published' }],
    });
    expect((await list('&includePermissionsForView=other')).error.code).toBe(400);
    expect((await share(formId, { type: 'anyone', role: 'writer', view: 'published' })).status).toBe(400);
    expect((await share(formId, { type: 'anyone', role: 'reader', view: 'other' })).status).toBe(400);
  });

  it('shows its closed page while it takes no responses, and no page before it is published', async () => {
    const { formId, questionId } = await makeForm();
    await share(formId, { type: 'anyone', role: 'reader', view: 'published' });
    await publish(formId, { isPublished: true });
    expect(await visit(formId)).toMatchObject({ status: 302, to: `/forms/d/e/${formId}/closedform` });
    expect((await visit(formId, '-', 'closedform')).text).toContain('「調查」已不再接受回應');
    forms.present(formId, { customClosedFormMessage: '明年再來。' });
    expect((await visit(formId, '-', 'closedform')).text).toContain('明年再來。');
    const refused = await send(formId, { [questionId]: '王' });
    expect([refused.status, refused.body.refusals[0].sentence]).toEqual([400, '這份表單目前不接受回應。']);
    await publish(formId, {});
    expect((await visit(formId)).status).toBe(404);
  });

  it('opens an edit link only where responses may be edited', async () => {
    const { formId, questionId } = await makeForm();
    await share(formId, { type: 'anyone', role: 'reader', view: 'published' });
    const { editUrl } = (await send(formId, { [questionId]: '王' })).body;
    const editKey = new URL(editUrl).searchParams.get('edit2');
    const page = async () => (await fetch(editUrl)).text();
    expect(await page()).toContain('您無法修改回應');
    expect((await send(formId, { [questionId]: '李' }, {}, { editKey })).status).toBe(400);
    forms.present(formId, { allowResponseEdits: true });
    expect(await page()).toContain('value="王"');
    expect((await send(formId, { [questionId]: '李' }, {}, { editKey })).status).toBe(200);
  });

  it('with a question for files makes everybody sign in; no API makes one, and a copy keeps it', async () => {
    const { formId } = await makeForm();
    await share(formId, { type: 'anyone', role: 'reader', view: 'published' });
    const item = { title: '檔案', questionItem: { question: { fileUploadQuestion: { folderId: 'f' } } } };
    const refused = await google.ask('POST', `/v1/forms/${formId}:batchUpdate`, {
      requests: [{ createItem: { item, location: { index: 0 } } }],
    });
    expect(refused.status).toBe(400);
    forms.addByHand(formId, { itemId: 'aa', ...item });
    expect((await visit(formId)).to).toBe('/ServiceLogin');
    expect((await visit(formId, 'teacher@example.com')).status).toBe(200);
    const copy = (await google.ask('POST', `/drive/v3/files/${formId}/copy`, {})).body;
    const { items } = (await google.ask('GET', `/v1/forms/${copy.id}`)).body;
    expect(items.at(-1).questionItem.question.fileUploadQuestion).toEqual({ folderId: 'f' });
  });

  it("notes an address only where it collects one: the verified one is the account's own", async () => {
    const { formId, questionId } = await makeForm();
    await share(formId, { type: 'anyone', role: 'reader', view: 'published' });
    const collect = (emailCollectionType: string) =>
      google.ask('POST', `/v1/forms/${formId}:batchUpdate`, {
        requests: [
          { updateSettings: { settings: { emailCollectionType }, updateMask: 'emailCollectionType' } },
        ],
      });
    const noted = async (headers: Record<string, string>, email: string) => {
      const { responseId } = (await send(formId, { [questionId]: '王' }, headers, { email })).body;
      return forms.response(formId, responseId).email;
    };
    expect(await noted({}, 'typed@example.com')).toBe('');
    await collect('RESPONDER_INPUT');
    expect(await noted({}, 'typed@example.com')).toBe('typed@example.com');
    await collect('VERIFIED');
    expect((await visit(formId)).to).toBe('/ServiceLogin');
    expect(await noted({ authorization: 'Bearer me@example.com' }, 'typed@example.com')).toBe(
      'me@example.com',
    );
  });
});

it('takes no title of two lines', async () => {
  const { body } = await google.ask('POST', '/v1/forms', { info: { title: '一\n二' } });
  expect(body.error.message).toContain('Displayed text cannot contain newlines');
});
