import type { Express } from 'express';
import { html, sendPage } from 'google-on-this-machine';
import type { OfficeLinks } from '../office-links.ts';
import type { SampleForms } from './sample-forms.ts';

export interface StartParts {
  office(): OfficeLinks;
  samples: SampleForms;
}

/** Shows a newcomer the roles, and starts a tour with sample data at a click. */
export function startPage(app: Express, { office, samples }: StartParts): void {
  app.get('/', (request, response) => {
    const { program, now, forms: links, spreadsheets, tour } = office();
    // Whoever opens the page before the office is set up would find links that lead nowhere.
    if (links.some((each) => each.formId === '')) {
      sendPage(response.set('Refresh', '2'), {
        title: '正在準備',
        body: html`<h1>正在準備</h1><p class="notice" role="status">正在建立表單與試算表，幾秒後這一頁會自動打開。</p>`,
      });
      return;
    }
    const begin = (role: string, label: string) =>
      tour && html`<form method="post" action="/tour/role/${role}"><p><button>${label}</button></p></form>`;
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
        <p>${program}。辦公室現在時間：<strong>${now}</strong>（示範的受理期間在當時，所以時間從那裡走起）。</p>
        ${request.query.sample !== undefined && html`<p class="notice" role="status">已送出 ${String(request.query.sample)} 份示範填報。約十秒後，案件會出現在待審清單，信件會出現在信箱。</p>`}
        <section class="card"><h2>這個系統做什麼</h2>
          <ol><li>教師填 Google 表單，系統立刻檢查，寄出案號；有問題，一封信說完。</li>
            <li>審核者在 Google 試算表挑選決定。</li>
            <li>需要公文的，承辦人製作名冊、發文。</li>
            <li>教師收到結果，隨時可用信裡的連結查進度。</li></ol>
          <p>這裡的表單、試算表、信箱都在您的電腦上，不會連到 Google，也不會真的寄信，可以放心亂試。</p>
          ${tour && html`<p><a class="button" href="/tour/1">開始導覽：跟著一件案子走一遍（約五分鐘）</a></p>`}</section>
        <div class="columns">
          <section class="card"><h2>教師</h2><p>填表單，收信，有問題就按信裡的連結補正。</p>
            ${begin('teacher', '當一次教師')}
            <ul>${links.map((each) => html`<li><a href="/forms/d/e/${each.formId}/viewform">${each.title}</a></li>`)}</ul></section>
          <section class="card"><h2>審核者</h2><p>在自己單位的待審清單挑審核決定，勾「送出」。</p>
            ${begin('reviewer', '當一次審核者')}<ul>${sheet('queue')}</ul></section>
          <section class="card"><h2>承辦人</h2><p>製作名冊、發文；看所有案件，改設定與信件文字，收每日彙整。</p>
            ${begin('administrator', '當一次承辦人')}<ul>${sheet('office')}</ul></section>
        </div>
        <section class="card"><h2>更多示範資料</h2>
          <form method="post" action="/tour/sample"><p><button>填入示範資料</button></p></form>
          <p>替您在各張表單送出幾份填報：有對的、有錯的、有重複的、有詢問的。</p>
          <p>所有寄出的信都在<a href="/mailbox">信箱</a>。</p></section>`,
    });
  });
  app.post('/tour/sample', (_request, response) => {
    const sent = samples.submitAll(office().forms.map(({ formId }) => formId));
    response.redirect(303, `/?sample=${sent}`);
  });
}
