import type { Express } from 'express';
import { html } from '../../../contract/html.ts';
import type { FormsService } from '../forms/service.ts';
import { sendPage } from './layout.ts';
import type { PagesParts } from './plugin.ts';
import { SAMPLES } from './samples.ts';

/** Where a newcomer begins: the roles, and a tour with sample data at a click. */
export function startPage(app: Express, { office, forms }: PagesParts): void {
  app.get('/', (request, response) => {
    const { program, now, forms: links, spreadsheets } = office();
    const sheet = (role: string) => {
      const found = spreadsheets.filter((each) =>
        role === 'queue' ? each.role !== 'office' : each.role === role,
      );
      return found.map(
        (each) => html`<li><a href="/spreadsheets/d/${each.spreadsheetId}/edit">${each.title}</a></li>`,
      );
    };
    sendPage(response, {
      title: `補登（本機試用）－${program}`,
      body: html`<h1>補登（本機試用）</h1>
        <p>${program}。辦公室現在時間：<strong>${now}</strong></p>
        ${request.query.sample !== undefined && html`<p class="notice" role="status">已送出 ${String(request.query.sample)} 份示範填報。約十秒後，案件會出現在待審清單，信件會出現在信箱。</p>`}
        <div class="roles">
          <section class="card"><h2>當一位教師</h2><p>填表單，收信，補正。</p>
            <ul>${links.map((each) => html`<li><a href="/forms/d/e/${each.formId}/viewform">${each.title}</a></li>`)}</ul></section>
          <section class="card"><h2>當審核者</h2><p>在待審清單挑選審核決定，勾選送出。</p><ul>${sheet('queue')}</ul></section>
          <section class="card"><h2>當承辦人</h2><p>看所有案件，撤銷決定、重新開案，收名冊與提醒。</p>
            <ul>${sheet('office')}<li><a href="/mailbox">信箱（所有寄出的信）</a></li></ul></section>
        </div>
        <section class="card"><h2>導覽：五分鐘走一遍</h2>
          <ol>
            <li><form method="post" action="/tour/sample"><button>填入示範資料</button></form>（或自己填一張表單）</li>
            <li>打開<a href="/mailbox">信箱</a>：每份填報都有一封信，有案號；有問題的填報，一封信列出所有問題與修改連結。</li>
            <li>打開任一份待審清單，選「審核決定」、填理由，勾「送出」。二十秒內取消勾選即為復原。</li>
            <li>二十秒後該列離開清單，教師在信箱收到結果。</li>
            <li>到「承辦（限閱）」的「所有案件」，選「撤銷決定」、填理由、勾「送出」：教師收到更正通知，案件回到待審。</li>
          </ol></section>`,
    });
  });
  app.post('/tour/sample', (_request, response) => {
    let sent = 0;
    for (const { formId } of office().forms) sent += submitSamples(forms, formId);
    response.redirect(303, `/?sample=${sent}`);
  });
}

/** The samples that have an answer for every question this form must have. */
function submitSamples(forms: FormsService, formId: string): number {
  const items = forms.get(formId).items ?? [];
  const isEnquiry = items.some((item) => item.title === '問題說明');
  const hasLevel = items.some((item) => item.title === '證書類別');
  const fitting = SAMPLES.filter((sample) => sample.enquiry === isEnquiry && sample.hasLevel === hasLevel);
  for (const { answers } of fitting) {
    const given = items.flatMap((item) => {
      const id = item.questionItem?.question?.questionId;
      const answer = answers[item.title ?? ''];
      return id && answer ? [[id, answer]] : [];
    });
    forms.submit(formId, { answers: Object.fromEntries(given) });
  }
  return fitting.length;
}
