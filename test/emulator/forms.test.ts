import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGoogle, type OpenGoogle } from './open-google.ts';

let google: OpenGoogle;
beforeEach(async () => {
  google = await openGoogle();
});
afterEach(() => google.close());

const create = async (title = '表單') =>
  (await google.ask('POST', '/v1/forms', { info: { title } })).body.formId as string;
const update = (formId: string, body: object) => google.ask('POST', `/v1/forms/${formId}:batchUpdate`, body);
const requests = (formId: string, ...all: object[]) => update(formId, { requests: all });
const createItem = (item: object, index = 0) => ({ createItem: { item, location: { index } } });
const question = (kind: object, more: object = {}) => ({
  title: '題目',
  questionItem: { question: { ...kind, ...more } },
});
const get = async (formId: string): Promise<forms_v1.Schema$Form> =>
  (await google.ask('GET', `/v1/forms/${formId}`)).body;
const publish = (formId: string) =>
  google.ask('POST', `/v1/forms/${formId}:setPublishSettings`, {
    publishSettings: { publishState: { isPublished: true, isAcceptingResponses: true } },
  });

describe('forms.create and forms.get', () => {
  it('answer what is set, and leave out what is false or empty', async () => {
    const { body } = await google.ask('POST', '/v1/forms', {
      info: { title: '名稱', documentTitle: '檔名' },
    });
    expect(body).toEqual({
      formId: expect.any(String),
      info: { title: '名稱', documentTitle: '檔名' },
      settings: { emailCollectionType: 'DO_NOT_COLLECT' },
      revisionId: '00000002',
      responderUri: expect.stringMatching(/\/forms\/d\/e\/.+\/viewform$/u),
      publishSettings: { publishState: {} },
    });
    expect(await get(body.formId)).toEqual(body);
    const { data } = await google.drive.files.get({ fileId: body.formId });
    expect(data).toMatchObject({ name: '檔名', mimeType: 'application/vnd.google-apps.form' });
  });

  it('publishes at once where that is asked for', async () => {
    const { body } = await google.ask('POST', '/v1/forms?unpublished=false', { info: { title: 'x' } });
    expect(body.publishSettings.publishState).toEqual({ isPublished: true, isAcceptingResponses: true });
  });

  it('take no more than a title', async () => {
    const sentence =
      'Only info.title can be set when creating a form. To add items and change settings, use batchUpdate.';
    for (const body of [
      { info: { title: 'x', description: 'y' } },
      { info: { title: 'x' }, items: [{ title: 'z' }] },
      { info: { title: 'x' }, settings: { quizSettings: { isQuiz: true } } },
    ]) {
      const answer = await google.ask('POST', '/v1/forms', body);
      expect(answer.body.error).toEqual({ code: 400, message: sentence, status: 'INVALID_ARGUMENT' });
    }
  });

  it('answer 404 for a form that is not there, or was deleted in Drive', async () => {
    const gone = await create();
    await google.ask('DELETE', `/drive/v3/files/${gone}`);
    for (const id of [gone, 'nowhere']) {
      const answer = await google.ask('GET', `/v1/forms/${id}`);
      expect(answer.body).toEqual({
        error: { code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND' },
      });
    }
  });
});

describe('forms.batchUpdate', () => {
  it.each<[string, object]>([
    ['text', question({ textQuestion: { paragraph: true } })],
    ['short text', question({ textQuestion: {} }, { required: true })],
    [
      'choice',
      question({
        choiceQuestion: { type: 'RADIO', options: [{ value: 'a' }, { isOther: true }], shuffle: true },
      }),
    ],
    ['scale', question({ scaleQuestion: { high: 5, lowLabel: '低', highLabel: '高' } })],
    ['date', question({ dateQuestion: { includeYear: true } })],
    ['time', question({ timeQuestion: { duration: true } })],
    ['rating', question({ ratingQuestion: { ratingScaleLevel: 5, iconType: 'STAR' } })],
    ['page break', { title: '下一頁', pageBreakItem: {} }],
    ['text item', { title: '說明', description: '第一行\n第二行', textItem: {} }],
    [
      'video',
      {
        title: '影片',
        videoItem: { video: { youtubeUri: 'https://www.youtube.com/watch?v=x' }, caption: '看' },
      },
    ],
  ])('makes a %s and gives it back without its defaults', async (_name, item) => {
    const formId = await create();
    const { body } = await requests(formId, createItem(item));
    const hasQuestion = 'questionItem' in item;
    expect(body).toEqual({
      replies: [
        {
          createItem: {
            itemId: expect.stringMatching(/^[0-9a-f]{8}$/u),
            ...(hasQuestion ? { questionId: [expect.stringMatching(/^[0-9a-f]{8}$/u)] } : {}),
          },
        },
      ],
      writeControl: { requiredRevisionId: '00000003' },
    });
    const expected = structuredClone(item) as forms_v1.Schema$Item;
    expected.itemId = body.replies[0].createItem.itemId;
    if (expected.questionItem?.question)
      expected.questionItem.question.questionId = body.replies[0].createItem.questionId[0];
    expect((await get(formId)).items).toEqual([expected]);
  });

  it('makes a grid, one question a row, and an image by its source', async () => {
    const formId = await create();
    const { body } = await requests(
      formId,
      createItem({
        title: '格狀',
        questionGroupItem: {
          questions: [{ rowQuestion: { title: '甲' }, required: true }, { rowQuestion: { title: '乙' } }],
          grid: { columns: { type: 'CHECKBOX', options: [{ value: '1' }, { value: '2' }] } },
        },
      }),
      createItem({ imageItem: { image: { sourceUri: 'https://pictures.invalid/a.png', altText: '圖' } } }, 1),
    );
    expect(body.replies[0].createItem.questionId).toHaveLength(2);
    const { items } = await get(formId);
    expect(items?.[0]?.questionGroupItem?.questions?.map(({ rowQuestion }) => rowQuestion)).toEqual([
      { title: '甲' },
      { title: '乙' },
    ]);
    expect(items?.[1]?.imageItem).toEqual({
      image: { contentUri: 'https://pictures.invalid/a.png', altText: '圖' },
    });
  });

  it('changes only what the mask names, clears what it names and is not given, and keeps ids', async () => {
    const formId = await create();
    const { body } = await requests(
      formId,
      createItem({
        ...question({ textQuestion: { paragraph: true } }, { required: true }),
        description: '說明',
      }),
    );
    const { itemId, questionId } = body.replies[0].createItem;
    const change = (item: object, updateMask: string) =>
      requests(formId, { updateItem: { item, location: { index: 0 }, updateMask } });
    expect((await change({ title: '新', description: '不算' }, 'title')).body.replies).toEqual([{}]);
    await change({ questionItem: { question: {} } }, 'questionItem.question.required');
    await change({}, 'description');
    expect((await get(formId)).items).toEqual([
      {
        itemId,
        title: '新',
        questionItem: { question: { questionId: questionId[0], textQuestion: { paragraph: true } } },
      },
    ]);
    await change({ title: '全部', textItem: {} }, '*');
    const [item] = (await get(formId)).items ?? [];
    expect(item).toEqual({ itemId: expect.any(String), title: '全部', textItem: {} });
    // Blank under `*`: a new one.
    expect(item?.itemId).not.toBe(itemId);
  });

  it('moves and deletes items, changes info and settings, and gives the form back', async () => {
    const formId = await create();
    const text = (title: string) => ({ title, textItem: {} });
    const { body } = await update(formId, {
      includeFormInResponse: true,
      requests: [
        createItem(text('a')),
        createItem(text('b'), 1),
        createItem(text('c'), 2),
        { moveItem: { originalLocation: { index: 0 }, newLocation: { index: 2 } } },
        { deleteItem: { location: { index: 0 } } },
        { updateFormInfo: { info: { title: '新', description: '行一\n行二' }, updateMask: '*' } },
        {
          updateSettings: { settings: { quizSettings: { isQuiz: true } }, updateMask: 'quizSettings.isQuiz' },
        },
      ],
    });
    expect(body.form.items.map((item: { title: string }) => item.title)).toEqual(['c', 'a']);
    expect(body.form).toMatchObject({
      info: { title: '新', description: '行一\n行二' },
      settings: { quizSettings: { isQuiz: true } },
      revisionId: body.writeControl.requiredRevisionId,
    });
    expect(body.replies.slice(3)).toEqual([{}, {}, {}, {}]);
  });

  it('carries a batch out wholly or not at all, and names the request', async () => {
    const formId = await create();
    const { status, body } = await requests(
      formId,
      createItem({ title: '好', textItem: {} }),
      createItem({ title: '換\n行', textItem: {} }),
    );
    expect(status).toBe(400);
    expect(body.error).toEqual({
      code: 400,
      message: 'Invalid requests[1].createItem: Displayed text cannot contain newlines',
      status: 'INVALID_ARGUMENT',
    });
    expect(await get(formId)).not.toHaveProperty('items');
  });

  it('writes only over the revision that the writer saw', async () => {
    const formId = await create();
    const request = [createItem({ title: 'x', textItem: {} })];
    const write = (writeControl: object) => update(formId, { requests: request, writeControl });
    const first = await write({ requiredRevisionId: '00000002' });
    expect(first.body.writeControl).toEqual({ requiredRevisionId: '00000003' });
    expect((await write({ requiredRevisionId: '00000002' })).body.error).toMatchObject({
      code: 400,
      message: "The required revision ID '00000002' does not match the latest revision.",
    });
    expect((await write({ targetRevisionId: '00000002' })).status).toBe(200);
    expect((await write({ targetRevisionId: 'ffffffff' })).status).toBe(400);
  });

  it.each<[string, object]>([
    ['no location', { createItem: { item: { textItem: {} } } }],
    ['a place beyond the end', createItem({ textItem: {} }, 5)],
    ['an item of no kind', createItem({ title: 'x' })],
    ['a question of no kind', createItem(question({}))],
    ['a choice without options', createItem(question({ choiceQuestion: { type: 'RADIO' } }))],
    ['a choice without a type', createItem(question({ choiceQuestion: { options: [{ value: 'a' }] } }))],
    [
      'two equal options',
      createItem(question({ choiceQuestion: { type: 'RADIO', options: [{ value: 'a' }, { value: 'a' }] } })),
    ],
    [
      'an other option in a drop-down',
      createItem(question({ choiceQuestion: { type: 'DROP_DOWN', options: [{ isOther: true }] } })),
    ],
    ['a scale that is too long', createItem(question({ scaleQuestion: { high: 11 } }))],
    ['an upload question', createItem(question({ fileUploadQuestion: { maxFiles: 1 } }))],
    ['grading outside of a quiz', createItem(question({ textQuestion: {} }, { grading: { pointValue: 1 } }))],
    ['a video from elsewhere', createItem({ videoItem: { video: { youtubeUri: 'https://v.invalid' } } })],
    ['no mask', { updateFormInfo: { info: { title: 'x' } } }],
    ['a mask of what is not there', { updateFormInfo: { info: { title: 'x' }, updateMask: 'colour' } }],
    ['the document title', { updateFormInfo: { info: {}, updateMask: 'documentTitle' } }],
    ['deleting nothing', { deleteItem: { location: { index: 0 } } }],
    ['a request without a kind', {}],
  ])('refuses %s', async (_name, request) => {
    const { status, body } = await requests(await create(), request);
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/^Invalid requests\[0\]/u);
  });

  it('refuses an empty batch', async () => {
    expect((await requests(await create())).body.error.message).toBe('Must specify at least one request.');
  });

  it("lists every unknown name, wrong type and wrong enum in the words of Google's front end", async () => {
    const formId = await create();
    const { body } = await update(formId, {
      requests: [
        { makeCoffee: {} },
        createItem(question({ choiceQuestion: { type: 'RODEO', options: [{ value: 5 }] } })),
        { createItem: { item: [], location: 'here' }, deleteItem: {} },
      ],
      nosuch: 1,
    });
    const descriptions = [
      `Invalid JSON payload received. Unknown name "makeCoffee" at 'requests[0]': Cannot find field.`,
      `Invalid value at 'requests[1].create_item.item.question_item.question.choice_question.type' (type.googleapis.com/google.apps.forms.v1.ChoiceQuestion.ChoiceType), "RODEO"`,
      `Invalid value at 'requests[1].create_item.item.question_item.question.choice_question.options[0].value' (TYPE_STRING), 5`,
      `Invalid JSON payload received. Unknown name "item" at 'requests[2].create_item': Proto field is not repeating, cannot start list.`,
      `Invalid value at 'requests[2].create_item.location' (type.googleapis.com/google.apps.forms.v1.Location), "here"`,
      `Invalid value at 'requests[2]' (oneof), oneof field 'kind' is already set. Cannot set 'deleteItem'`,
      `Invalid JSON payload received. Unknown name "nosuch": Cannot find field.`,
    ];
    expect(body.error).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: descriptions.join('\n'),
    });
    expect(body.error.details).toEqual([
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [
          { field: 'requests[0]', description: descriptions[0] },
          ...descriptions.slice(1, 6).map((description) => ({ field: expect.any(String), description })),
          { description: descriptions[6] },
        ],
      },
    ]);
  });

  it('takes names in snake case, as protos have them', async () => {
    const formId = await create();
    const { status } = await update(formId, {
      requests: [{ create_item: { item: { title: 'x', text_item: {} }, location: { index: 0 } } }],
      include_form_in_response: true,
    });
    expect(status).toBe(200);
    expect((await get(formId)).items?.[0]?.title).toBe('x');
  });
});

describe('forms.responses', () => {
  const withQuestion = async (kind: object, more: object = {}, before: object[] = []) => {
    const formId = await create();
    const { body } = await requests(formId, ...before, createItem(question(kind, more)));
    await publish(formId);
    const [questionId] = body.replies.at(-1).createItem.questionId as string[];
    const submit = (...values: string[]) =>
      google.forms.submit(formId, { answers: { [questionId ?? '']: values } }).responseId;
    return { formId, questionId: questionId ?? '', submit };
  };
  const list = async (formId: string, query = '') =>
    (await google.ask('GET', `/v1/forms/${formId}/responses${query}`)).body;

  it('are an empty answer where there are none', async () => {
    expect(await list(await create())).toEqual({});
  });

  it('give answers by question, without those that are empty', async () => {
    const { formId, questionId, submit } = await withQuestion({
      choiceQuestion: { type: 'CHECKBOX', options: [{ value: '甲' }, { value: '乙' }] },
    });
    const responseId = submit('甲', '乙');
    submit('');
    const answers = {
      [questionId]: { questionId, textAnswers: { answers: [{ value: '甲' }, { value: '乙' }] } },
    };
    const times = { createTime: '2020-04-21T01:00:00Z', lastSubmittedTime: '2020-04-21T01:00:00Z' };
    expect(await list(formId)).toEqual({
      responses: [
        { responseId, ...times, answers },
        { responseId: expect.any(String), ...times },
      ],
    });
    const one = await google.ask('GET', `/v1/forms/${formId}/responses/${responseId}`);
    expect(one.body).toEqual({ formId, responseId, ...times, answers });
    expect((await google.ask('GET', `/v1/forms/${formId}/responses/nosuch`)).status).toBe(404);
  });

  it('are filtered by time to the nanosecond, in any offset, and paged', async () => {
    const { formId, submit } = await withQuestion({ textQuestion: {} });
    const ids: string[] = [];
    for (const text of ['一', '二', '三']) {
      ids.push(submit(text));
      google.clock.advance(1000);
    }
    const count = async (filter: string) =>
      (await list(formId, `?filter=${encodeURIComponent(filter)}`)).responses?.length ?? 0;
    expect(await count('timestamp >= 2020-04-21T01:00:01Z')).toBe(2);
    expect(await count('timestamp > 2020-04-21T01:00:01Z')).toBe(1);
    expect(await count('timestamp > 2020-04-21T01:00:00.999999999Z')).toBe(2);
    expect(await count('timestamp >= 2020-04-21T01:00:01.000000001Z')).toBe(1);
    expect(await count('timestamp>=2020-04-21T09:00:02+08:00')).toBe(1);
    for (const filter of [
      'timestamp < 2020-04-21T01:00:01Z',
      'timestamp > yesterday',
      'name > 2020-04-21T01:00:01Z',
    ])
      expect((await list(formId, `?filter=${encodeURIComponent(filter)}`)).error.code).toBe(400);
    const first = await list(formId, '?pageSize=2');
    expect(first.responses.map((each: { responseId: string }) => each.responseId)).toEqual(ids.slice(0, 2));
    const second = await list(formId, `?pageSize=2&pageToken=${first.nextPageToken}`);
    expect(second).toEqual({ responses: [expect.objectContaining({ responseId: ids[2] })] });
    expect((await list(formId, '?pageToken=nosuch')).error.code).toBe(400);
    expect((await list(formId, '?fields=responses(responseId)&pageSize=1')).responses).toEqual([
      { responseId: ids[0] },
    ]);
  });

  it('are graded in a quiz, and bear no score that is zero', async () => {
    const { formId, questionId, submit } = await withQuestion(
      { choiceQuestion: { type: 'RADIO', options: [{ value: '對' }, { value: '錯' }] } },
      {
        grading: {
          pointValue: 2,
          correctAnswers: { answers: [{ value: '對' }] },
          whenWrong: { text: '再想想' },
        },
      },
      [{ updateSettings: { settings: { quizSettings: { isQuiz: true } }, updateMask: '*' } }],
    );
    submit('對');
    submit('錯');
    const { responses } = await list(formId);
    expect(responses[0]).toMatchObject({
      totalScore: 2,
      answers: { [questionId]: { grade: { score: 2, correct: true } } },
    });
    expect(responses[1]).not.toHaveProperty('totalScore');
    expect(responses[1].answers[questionId].grade).toEqual({ feedback: { text: '再想想' } });
  });

  it('are refused where an answer has not the shape of its question', async () => {
    const scale = await withQuestion({ scaleQuestion: { low: 1, high: 5 } });
    expect(() => scale.submit('6')).toThrow(/1 到 5/u);
    expect(() => scale.submit('5')).not.toThrow();
    const date = await withQuestion({ dateQuestion: { includeYear: true } });
    expect(() => date.submit('昨天')).toThrow(/日期/u);
    expect(() => date.submit('2020-04-21')).not.toThrow();
  });
});

describe('publishing and watches', () => {
  it('accept no responses unless published, and name what they do not have', async () => {
    const formId = await create();
    const set = (publishState: object, updateMask?: string) =>
      google.ask('POST', `/v1/forms/${formId}:setPublishSettings`, {
        publishSettings: { publishState },
        ...(updateMask ? { updateMask } : {}),
      });
    expect((await set({ isAcceptingResponses: true })).body).toEqual({
      formId,
      publishSettings: { publishState: {} },
    });
    expect((await set({ isPublished: true }, 'publishState')).body.publishSettings.publishState).toEqual({
      isPublished: true,
    });
    expect((await set({}, 'nosuch')).status).toBe(400);
  });

  it('say 501 of watches, which nothing here could deliver', async () => {
    const { body } = await google.ask('POST', `/v1/forms/${await create()}/watches`, {
      watch: { target: { topic: { topicName: 'projects/p/topics/t' } }, eventType: 'RESPONSES' },
    });
    expect(body.error).toMatchObject({ code: 501, status: 'UNIMPLEMENTED' });
  });
});
