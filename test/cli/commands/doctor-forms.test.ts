import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formChecks } from '../../../sync-service/src/cli/setup/form-checks.ts';
import { FORMS_IN_ORDER, writeValue } from '../../../sync-service/src/ledger/key-values.ts';
import type { Program } from '../../../sync-service/src/cases/program-rules.ts';
import { openStage, type Stage } from '../../stage/stage.ts';

/** An office whose forms have no window: they are open whatever the day. */
const without = (program: Program): Program => ({
  ...program,
  forms: program.forms.map((form) => ({ ...form, window: undefined })),
});
const [KEY, OTHER] = ['initial', 'training-record-problem'];
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ change: without });
  await stage.script.fireClock();
  await stage.settle();
});
afterAll(() => stage.close());

const formId = () => stage.service.office.forms[KEY]?.formId ?? '';
const drive = () => stage.google.emulator.drive;
const items = () => stage.google.forms.get(formId()).items ?? [];
const change = (...requests: object[]) => stage.google.forms.batchUpdate(formId(), { requests });
const share = (body: object) => drive().createPermission(formId(), body, { transfer: false, notify: false });

/** What `budeng doctor` says of one form, line by line. */
async function examine(key = KEY): Promise<string[]> {
  const { program, service } = stage;
  const form = program.forms.find((each) => each.key === key);
  const known = service.office.forms[key];
  if (!form || !known) throw new Error(`no form ${key}`);
  const checks = formChecks({ google: stage.connect(), store: service.store, program, form, known });
  return Promise.all(
    checks.map(({ what, work }) =>
      work().then(
        (found) => `○ ${what}　${found}`,
        (error: Error) => `✗ ${what}　${error.message}`,
      ),
    ),
  );
}

const wrong = async () => (await examine()).filter((line) => line.startsWith('✗'));

describe('budeng doctor, of a form', () => {
  it('finds nothing wrong where a teacher can answer it and correct the answer', async () => {
    expect(await examine()).toEqual([
      expect.stringMatching(/^○ 表單 initial　.*開放填報$/u),
      '○ 　填報者　知道連結的人都能填',
      '○ 　陌生人開啟　打得開，不必登入',
      expect.stringMatching(/^○ 　題目　\d+ 題都在$/u),
      expect.stringContaining('○ 　修改回應與訊息'),
    ]);
  });

  it('says that it is not published, and whoever else fails goes on', async () => {
    stage.google.forms.setPublishSettings(formId(), { publishSettings: { publishState: {} } });
    expect(await wrong()).toEqual([
      expect.stringContaining('✗ 表單 initial　尚未發布'),
      expect.stringContaining('✗ 　陌生人開啟　打不開'),
    ]);
    expect((await examine(OTHER)).filter((line) => line.startsWith('✗'))).toEqual([]);
    stage.clock.advance(11 * 60_000);
    await stage.settle();
    expect(await wrong()).toEqual([]);
  });

  it('says that it takes no responses although its window is open', async () => {
    stage.google.forms.setPublishSettings(formId(), {
      publishSettings: { publishState: { isPublished: true } },
    });
    expect(await wrong()).toEqual([
      expect.stringContaining('卻不接受回應'),
      expect.stringContaining('卻顯示已關閉'),
    ]);
    stage.clock.advance(11 * 60_000);
    await stage.settle();
    expect(await wrong()).toEqual([]);
  });

  it('says that nobody may answer it, or that everybody may open its editor', async () => {
    const [permission] = drive()
      .permissions(formId(), 'published')
      .filter(({ view }) => view);
    drive().deletePermission(formId(), permission?.id ?? '');
    expect(await wrong()).toEqual([
      expect.stringContaining('✗ 　填報者　設定檔寫 anyone，Google 上是 沒有人'),
      expect.stringContaining('✗ 　陌生人開啟　被帶到登入頁'),
    ]);
    share({ type: 'anyone', role: 'reader', view: 'published' });
    const opened = share({ type: 'anyone', role: 'reader' });
    expect(await wrong()).toEqual([expect.stringContaining('知道連結的人都能開啟表單的編輯畫面')]);
    drive().deletePermission(formId(), opened.id ?? '');
    expect(await wrong()).toEqual([]);
  });

  it('says that files make everybody sign in', async () => {
    const question = { questionId: 'f11e', fileUploadQuestion: { folderId: 'x' } };
    stage.google.forms.addByHand(formId(), { itemId: 'f11e', title: '檔案', questionItem: { question } });
    expect(await wrong()).toEqual([]);
    expect(await examine()).toContainEqual(
      expect.stringMatching(/陌生人開啟　要求登入，因為表單有檔案上傳題/u),
    );
    change({ deleteItem: { location: { index: items().length - 1 } } });
  });

  it('says which field nobody asks, and which two questions ask', async () => {
    const at = items().findIndex(({ title }) => title === '姓名');
    const [name] = items().slice(at);
    change({ deleteItem: { location: { index: at } } });
    expect(await wrong()).toEqual([expect.stringContaining('沒有「姓名」這題')]);
    const asked = () => ({
      createItem: {
        location: { index: at },
        item: { title: name?.title, questionItem: { question: { textQuestion: {} } } },
      },
    });
    change(asked(), asked());
    expect(await wrong()).toEqual([expect.stringContaining('「姓名」有兩題以上')]);
    change({ deleteItem: { location: { index: at } } });
    expect(await wrong()).toEqual([]);
  });

  it('says that the script has not set what only it can', async () => {
    await writeValue(stage.service.store.db, FORMS_IN_ORDER, JSON.stringify([OTHER]));
    expect(await wrong()).toEqual([expect.stringContaining('補正連結可能打不開')]);
    await stage.script.fireClock();
    expect(await wrong()).toEqual([]);
  });
});
