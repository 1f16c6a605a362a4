import type { Html } from 'google-on-this-machine';
import { BATCHES, CASES, QUEUE, TEMPLATES } from '../../../../../contract/tabs.ts';
import type { TourStops } from '../office-links.ts';

export interface Step {
  role: '教師' | '審核者' | '承辦人';
  title: string;
  /** Where it is done. */
  path: string;
  tasks: (string | Html)[];
}

/** One case goes from hand to hand: the tour follows it. */
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
        '幾秒後信就到。打開主旨是「請補正您的填報，至…止」的信：一封信列出所有問題。',
        '按信裡的「打開原填報並補正」。',
        '按「填入正確的示範資料」，再按「送出」。案號不變。',
      ],
    },
    {
      role: '審核者',
      title: '在待審清單決定',
      path: sheetPath(stops.compilers, QUEUE.title),
      tasks: [
        `補正過的案件是黃色的。雙擊「審核決定」，挑「${stops.approveForLetter}」。`,
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
      tasks: [`「審核決定」挑「${stops.approve}」，勾「送出」。20 秒後結案。`],
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
