import type { Express, Request } from 'express';
import { type Html, html } from './html.ts';
import { BATCHES, CASES, FIRST_DATA_ROW, KEY_ROW, QUEUE, TEMPLATES } from '../../../contract/tabs.ts';
import type { FormsService } from '../forms/service.ts';
import type { SheetsService } from '../sheets/service.ts';
import { valueOf } from '../sheets/workbook.ts';
import { SAMPLES } from './samples.ts';
import type { OfficeLinks } from './plugin.ts';

/** One case goes from hand to hand: the tour follows it. */
export interface TourStops {
  /** The form that a teacher begins with. */
  form: string;
  /** The spreadsheet of the reviewers who compile cases for a letter. */
  compilers: string;
  /** Where the letter sends the case. */
  registrars: string;
  office: string;
  /** What the reviewers choose. */
  approveForLetter: string;
  approve: string;
}

export interface Step {
  role: '教師' | '審核者' | '承辦人';
  title: string;
  /** Where it is done. */
  path: string;
  tasks: (string | Html)[];
}

/** Who is in the tour's samples. */
const TOUR_NAME = '周導覽';
const PREFIX = '/tour/';
const COOKIE = 'tour';

export function tourSteps(stops: TourStops, sheetPath: (id: string, tab: string) => string): Step[] {
  const form = `/forms/d/e/${stops.form}/viewform`;
  return [
    {
      role: '教師',
      title: '填一張表單',
      path: `${form}?fill=problems`,
      tasks: ['看過個人資料蒐集告知。表單已填好一份有錯的示範資料。', '按最下面的「送出」。'],
    },
    {
      role: '教師',
      title: '收信，補正',
      path: '/mailbox',
      tasks: [
        '幾秒後信就到。打開主旨是「請於…前補正」的信：一封信列出所有問題。',
        '按信裡的「打開原填報並補正」。',
        '按「填入正確的示範資料」，再按「送出」。案號不變。',
      ],
    },
    {
      role: '審核者',
      title: '在待審清單決定',
      path: sheetPath(stops.compilers, QUEUE.title),
      tasks: [
        `補正過的案件是黃色的。往右捲，雙擊「審核決定」，挑「${stops.approveForLetter}」。`,
        '勾「送出」。寬限時間（試用版 20 秒）內取消勾選就是復原。',
        '時間到，這一列會離開待審清單，移到「函報」。',
      ],
    },
    {
      role: '承辦人',
      title: '製作名冊，發文',
      path: sheetPath(stops.compilers, BATCHES.title),
      tasks: [
        '雙擊「範圍」挑「全部待函報」，勾「製作名冊」。20 秒後「處理結果」寫共幾件，名冊寄到信箱。',
        '填「發文字號」（例如 南市教專字第1090000001號）與「發文日期」（例如 109-05-11），勾「已發文」。',
        '20 秒後案件移交下一單位，教師收到函報通知。',
      ],
    },
    {
      role: '審核者',
      title: '登錄結案',
      path: sheetPath(stops.registrars, QUEUE.title),
      tasks: [`往右捲，「審核決定」挑「${stops.approve}」，勾「送出」。20 秒後結案。`],
    },
    {
      role: '教師',
      title: '收到最後一封信',
      path: '/mailbox',
      tasks: ['打開最上面「證書已登錄」的信，按信裡的查詢連結，看整件案子的經過。'],
    },
    {
      role: '承辦人',
      title: '看全部，改設定',
      path: sheetPath(stops.office, CASES.title),
      tasks: [
        '「所有案件」有每一件；「動作」可以撤銷決定、重新開案。',
        `「設定」改期限與窗口，「${TEMPLATES.title}」改信件文字；填錯了，「說明」欄會寫原因。`,
        '導覽到此結束。',
      ],
    },
  ];
}

/** The tour's strip above the page, while somebody is on the tour. */
export function tourStrip(request: Request, steps: readonly Step[]): Html | '' {
  const at = Number(/(?:^|;\s*)tour=(\d+)/u.exec(request.get('cookie') ?? '')?.[1] ?? 0);
  const step = steps[at - 1];
  if (!step) return '';
  const next = steps[at];
  return html`<aside class="tour" aria-label="導覽">
    <h2>導覽 ${at}／${steps.length}　${step.role}：${step.title}</h2>
    <ol>${step.tasks.map((task) => html`<li>${task}</li>`)}</ol>
    <p class="bar"><a href="${PREFIX}${at}">回到這一步的頁面</a>
      ${next && html`<a class="button" href="${PREFIX}${at + 1}">做完了，下一步（${next.role}）：${next.title}</a>`}
      <a href="${PREFIX}end">結束導覽</a></p>
  </aside>`;
}

/** Where each role begins. */
export const ROLE_STEPS = { teacher: 1, reviewer: 3, administrator: 4 } as const;

export interface TourParts {
  forms: FormsService;
  sheets: SheetsService;
  office(): OfficeLinks;
  steps(): Step[];
}

export function tourRoutes(app: Express, { forms, sheets, office, steps }: TourParts): void {
  app.get('/tour/:step', (request, response) => {
    const at = Number(request.params.step);
    const step = steps()[at - 1];
    response.set(
      'Set-Cookie',
      `${COOKIE}=${step ? at : ''}; Path=/; SameSite=Lax${step ? '' : '; Max-Age=0'}`,
    );
    response.redirect(303, step?.path ?? '/');
  });
  app.post('/tour/role/:role', (request, response) => {
    const { tour } = office();
    const at = ROLE_STEPS[request.params.role as keyof typeof ROLE_STEPS] ?? 1;
    if (tour && at > 1) {
      submitSample(forms, tour.form, 'right');
      if (at === ROLE_STEPS.administrator) approveWhenItComes(sheets, tour);
    }
    response.redirect(303, `${PREFIX}${at}`);
  });
}

/** Answers of a sample by question id, for the questions that the form has. */
export function sampleAnswers(forms: FormsService, formId: string, key: string): Record<string, string> {
  const sample = SAMPLES.find((each) => each.key === key);
  const items = forms.get(formId).items ?? [];
  return Object.fromEntries(
    items.flatMap((item) => {
      const id = item.questionItem?.question?.questionId;
      const answer = sample?.answers[item.title ?? ''];
      return id && answer ? [[id, answer]] : [];
    }),
  );
}

let count = 0;

/** Each sample is another person with another certificate: the same one twice would be a duplicate. */
function submitSample(forms: FormsService, formId: string, key: string) {
  count += 1;
  const answers = sampleAnswers(forms, formId, key);
  for (const item of forms.get(formId).items ?? []) {
    const id = item.questionItem?.question?.questionId ?? '';
    if (item.title === '證書字號' && answers[id])
      answers[id] = `臺教師(三)字第10400${String(Date.now() + count).slice(-5)}號`;
  }
  forms.submit(formId, { answers });
}

/** For who begins as the administrator: a colleague has approved the sample as soon as it is in the queue. */
function approveWhenItComes(sheets: SheetsService, tour: TourStops) {
  const tab = sheets.get(tour.compilers).sheets?.find((each) => each.properties?.title === QUEUE.title);
  const gid = tab?.properties?.sheetId;
  if (gid === undefined || gid === null) return;
  const approve = () => {
    const rows = sheets.tab(tour.compilers, gid)?.rows ?? [];
    const keys = Array.from(rows[KEY_ROW - 1] ?? [], (cell) => String(valueOf(cell)));
    const at = (key: string) => keys.indexOf(key);
    for (let row = FIRST_DATA_ROW - 1; row < rows.length; row += 1) {
      const cell = (key: string) => valueOf(rows[row]?.[at(key)]);
      if (cell('name') !== TOUR_NAME || cell('decision')) continue;
      sheets.off('change', onChange);
      sheets.editCells(tour.compilers, [
        { sheetId: gid, row, column: at('decision'), value: tour.approveForLetter },
        { sheetId: gid, row, column: at('reviewer'), value: '示範同事' },
        { sheetId: gid, row, column: at('ready'), value: true },
      ]);
      return;
    }
  };
  const onChange = (id: string) => {
    // Not in the midst of the write that told of it.
    if (id === tour.compilers) setImmediate(approve);
  };
  sheets.on('change', onChange);
  setImmediate(approve);
}
