import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { systemClock } from '../../../../contract/clock.ts';
import type { Program, ProgramForm } from '../../cases/program-rules.ts';
import { readSettings, withSettings } from '../../casework/program-settings.ts';
import type { Google } from '../../google/client.ts';
import { FORMS_IN_ORDER, HEARTBEAT, readValue } from '../../ledger/key-values.ts';
import type { Store } from '../../ledger/store.ts';
import { closedMessage, formPermissions, isPublic, respondersIn } from '../../provisioning/form-doors.ts';
import type { Office } from '../../provisioning/office.ts';
import { isAccepting } from '../../reconciler/form-doors.ts';

interface FormContext {
  google: Google;
  store: Store;
  program: Program;
  form: ProgramForm;
  known: Office['forms'][string];
}

/** One thing to look at. Its work rejects with what is wrong and what to do, or gives what was found. */
export interface FormCheck {
  what: string;
  work(): Promise<string>;
}

const FIELDS = 'info,publishSettings,responderUri,settings,items';
const RESTORE = '服務執行中時十分鐘內會自行改回；沒有改回，請重跑 budeng setup';

/** Everything that a form needs before a teacher can answer it and correct the answer. Each check stands alone. */
export function formChecks(context: FormContext): FormCheck[] {
  const { google, form, known } = context;
  const { formId } = known;
  let asked: Promise<forms_v1.Schema$Form> | undefined;
  const read = () =>
    (asked ??= google.call('forms.get', () => google.forms.forms.get({ formId, fields: FIELDS })));
  return [
    { what: `表單 ${form.key}`, work: async () => checkState(context, await read()) },
    { what: '　填報者', work: () => checkResponders(context) },
    { what: '　陌生人開啟', work: async () => checkAsStranger(context, await read()) },
    { what: '　題目', work: async () => checkQuestions(context, (await read()).items ?? []) },
    { what: '　修改回應與訊息', work: () => checkScriptSettings(context) },
  ];
}

async function shouldAccept({ store, program, form }: FormContext): Promise<boolean> {
  const inForce = withSettings(program, await readSettings(store, program));
  const current = inForce.forms.find(({ key }) => key === form.key) ?? form;
  return isAccepting({ store, clock: systemClock, program: inForce }, current);
}

async function checkState(context: FormContext, { info, publishSettings }: forms_v1.Schema$Form) {
  const { isPublished = false, isAcceptingResponses = false } = publishSettings?.publishState ?? {};
  if (!isPublished) throw new Error(`尚未發布，沒有人能填。${RESTORE}`);
  const accepting = await shouldAccept(context);
  if (accepting !== isAcceptingResponses)
    throw new Error(
      accepting ? `在受理期間內，卻不接受回應。${RESTORE}` : `不在受理期間，卻仍接受回應。${RESTORE}`,
    );
  return `${info?.title ?? ''}，${accepting ? '開放填報' : '已關閉（不在受理期間）'}`;
}

async function checkResponders({ google, program, known }: FormContext): Promise<string> {
  const permissions = await formPermissions(google, known.formId);
  if (permissions.some((each) => !each.view && isPublic(each)))
    throw new Error('知道連結的人都能開啟表單的編輯畫面與回應。請把共用設定改為只與指定的人共用');
  const found = respondersIn(permissions);
  if (found.length !== 1 || found[0] !== program.responders)
    throw new Error(
      `設定檔寫 ${program.responders}，Google 上是 ${found.join('、') || '沒有人'}。${RESTORE}`,
    );
  return program.responders === 'anyone' ? '知道連結的人都能填' : `${program.responders.slice(7)} 的帳號`;
}

/** Opens the form as somebody who is signed in to no account. */
async function checkAsStranger(
  context: FormContext,
  { responderUri, settings, items = [] }: forms_v1.Schema$Form,
): Promise<string> {
  const { program, form } = context;
  const address = responderUri ?? '';
  const mustSignIn =
    settings?.emailCollectionType === 'VERIFIED' ||
    items.some(({ questionItem }) => questionItem?.question?.fileUploadQuestion);
  const open = (url: string) => fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000) });
  const answer = await open(address);
  const location = answer.headers.get('location') ?? '';
  const isSignIn = /\/(?:ServiceLogin|signin|AccountChooser)/iu.test(location);
  if (program.responders !== 'anyone') {
    if (!isSignIn)
      throw new Error(`沒有要求登入（HTTP ${answer.status}），不限 ${program.responders}。${RESTORE}`);
    return '要求登入，如設定檔所寫';
  }
  if (isSignIn && mustSignIn) return '要求登入，因為表單有檔案上傳題，或收集已驗證的信箱';
  if (isSignIn) throw new Error('被帶到登入頁，沒有登入的老師不能填。請看「填報者」一項');
  const accepting = await shouldAccept(context);
  if (/\/closedform/u.test(location)) {
    if (accepting) throw new Error(`在受理期間內，卻顯示已關閉。${RESTORE}`);
    const text = await (await open(new URL(location, address).href)).text();
    // The page writes its text as HTML; the message's first sentence is enough to know it by.
    const [sentence = ''] = closedMessage(program, form).split('\n');
    if (!text.includes(escapeHtml(sentence)))
      throw new Error('已關閉，但顯示的不是本系統的說明。請在 Apps Script 執行一次 install');
    return '已關閉，顯示說明';
  }
  if (answer.status !== 200) throw new Error(`打不開（HTTP ${answer.status}）。${RESTORE}`);
  if (!accepting) throw new Error(`不在受理期間，卻仍打得開。${RESTORE}`);
  return '打得開，不必登入';
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Each field of the program is to be asked by one question: without it, nobody can answer; with two, either counts. */
function checkQuestions({ form, known }: FormContext, items: readonly forms_v1.Schema$Item[]): string {
  const asked = new Map<string, number>();
  for (const { itemId, title, questionItem } of items) {
    const key = questionItem && (known.fields[itemId ?? ''] ?? known.fields[title ?? '']);
    if (key) asked.set(key, (asked.get(key) ?? 0) + 1);
  }
  const named = (count: (times: number) => boolean) =>
    form.fields.filter(({ key }) => count(asked.get(key) ?? 0)).map(({ title }) => `「${title}」`);
  const missing = named((times) => times === 0);
  const doubled = named((times) => times > 1);
  const problems = [
    missing.length > 0 ? `沒有${missing.join('、')}這題` : '',
    doubled.length > 0 ? `${doubled.join('、')}有兩題以上` : '',
  ].filter(Boolean);
  if (problems.length > 0)
    throw new Error(`${problems.join('；')}。請在表單的編輯畫面補回原來的題目，或刪除多的`);
  return `${form.fields.length} 題都在`;
}

/** The Forms API shows none of these: the script says which forms it left as they are to be. */
async function checkScriptSettings({ store, form }: FormContext): Promise<string> {
  if ((await readValue(store.db, HEARTBEAT)) === null)
    throw new Error('Apps Script 還沒有回報。請以安裝的帳號執行一次 install，並確認 PUBLIC_URL 可由外部連線');
  const inOrder = JSON.parse((await readValue(store.db, FORMS_IN_ORDER)) ?? '[]') as string[];
  if (!inOrder.includes(form.key))
    throw new Error(
      'Apps Script 沒有回報已設定「可修改回應」等項目，補正連結可能打不開。請看 Apps Script 的「執行項目」，並重跑 budeng setup 更新程式',
    );
  return '可修改回應，不公開摘要，關閉與確認訊息都已設定';
}
